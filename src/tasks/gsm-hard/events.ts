import type { Rng } from '../../util/rng.ts'
import { template } from '../_shared/template.ts'

/** Something that happens to the stock after the story's beginning. `{Unit}` is what is counted. */
export interface Event {
  readonly name: string
  readonly text: string
  /** Numbers for a stock of `x`, or null where the event would make no sense. */
  draw(x: bigint, rng: Rng, digits: number): readonly bigint[] | null
  value(x: bigint, numbers: readonly bigint[]): bigint
  /** Says nothing about the stock. */
  readonly idle?: true
}

const number = (rng: Rng, digits: number) => rng.bigint(10n ** BigInt(digits - 1), 10n ** BigInt(digits) - 1n)
const int = (rng: Rng, from: number, to: number) => BigInt(rng.int(from, to))

/** A count of repetitions; a changed question must not cost minutes. */
function times(n: bigint): bigint {
  if (n > 1_000n) throw new RangeError(`${n} repetitions are too many`)
  return n
}

/** What may happen, one event a sentence. Wherever something is not whole, the sentence says how it is rounded. */
export const events: readonly Event[] = [
  {
    name: 'arrive',
    text: 'Then {a} more {Unit} come in.',
    draw: (_, rng, digits) => [number(rng, digits)],
    value: (x, [a]) => x + a!,
  },
  {
    name: 'leave',
    text: 'Then {a} of the {Unit} are taken out.',
    draw: (x, rng) => (x < 20n ? null : [rng.bigint(x / 10n, (x * 9n) / 10n)]),
    value: (x, [a]) => x - a!,
  },
  {
    name: 'percent-off',
    text: 'Then {a}% of the {Unit} in stock, rounded down to a whole number, are given away.',
    draw: (x, rng) => (x < 100n ? null : [int(rng, 3, 70)]),
    value: (x, [a]) => x - (x * a!) / 100n,
  },
  {
    name: 'branches',
    text: 'Then the stock is divided equally among {a} branches, as many whole {Unit} to each as possible; from here on only the stock of one of these branches matters.',
    draw: (x, rng) => (x < 1_000n ? null : [int(rng, 2, 9)]),
    value: (x, [a]) => x / a!,
  },
  {
    name: 'multiply',
    text: 'Then a delivery makes the stock {a} times as large as it was.',
    draw: (_, rng) => [int(rng, 2, 9)],
    value: (x, [a]) => x * a!,
  },
  {
    name: 'daily',
    text: 'On each of the next {a} days {b} {Unit} come in and {c} {Unit} go out.',
    draw(_, rng, digits) {
      const out = number(rng, Math.max(1, digits - 1))
      return [int(rng, 5, 60), out + number(rng, digits), out]
    },
    value: (x, [a, b, c]) => x + a! * (b! - c!),
  },
  {
    name: 'crates',
    text: 'Then the stock is packed into crates of {a}, and the {Unit} that do not fill a crate are thrown away.',
    draw: (x, rng) => (x < 500n ? null : [int(rng, 7, 97)]),
    value: (x, [a]) => x - (x % a!),
  },
  {
    name: 'doubling',
    text: 'The following happens {a} times in a row: the stock doubles, and after that {b} {Unit} are taken out.',
    draw: (x, rng) => (x < 10n ? null : [int(rng, 2, 4), rng.bigint(1n, x)]),
    value(x, [a, b]) {
      let stock = x
      for (let i = 0n; i < times(a!); i++) stock = 2n * stock - b!
      return stock
    },
  },
  {
    name: 'neighbours',
    text: 'Then {a} neighbours bring {b} {Unit} each, and one of them takes {c} of them back.',
    draw(_, rng, digits) {
      const b = number(rng, digits)
      return [int(rng, 3, 30), b, rng.bigint(1n, b)]
    },
    value: (x, [a, b, c]) => x + a! * b! - c!,
  },
  {
    name: 'half',
    text: 'Then half of the {Unit} in stock, rounded down to a whole number, and {a} more are lent out for good.',
    draw: (x, rng) => (x < 20n ? null : [rng.bigint(1n, x / 3n)]),
    value: (x, [a]) => x - x / 2n - a!,
  },
  {
    name: 'ceiling',
    text: 'The store holds at most {a} {Unit}: if there are more in stock now, those above this limit are sent away.',
    draw: (x, rng) => (x < 20n ? null : [(x * int(rng, 60, 130)) / 100n]),
    value(x, [limit]) {
      if (x > limit!) return limit!
      return x
    },
  },
  {
    name: 'share-out',
    text: 'Then of every {a} {Unit} in stock {b} are sold (only full groups of {a} count; the {Unit} outside such groups stay).',
    draw(x, rng) {
      const a = rng.int(3, 12)
      return x < 500n ? null : [BigInt(a), int(rng, 1, a - 1)]
    },
    value: (x, [a, b]) => x - (x / a!) * b!,
  },
  {
    name: 'use-and-refill',
    text: 'During {a} weeks in a row one {b}th of the {Unit} in stock at the beginning of the week, rounded down to a whole number, is used up, and at the end of the week {c} {Unit} come in.',
    draw: (_, rng, digits) => [int(rng, 3, 20), int(rng, 4, 19), number(rng, digits)],
    value(x, [a, b, c]) {
      let stock = x
      for (let i = 0n; i < times(a!); i++) stock = stock - stock / b! + c!
      return stock
    },
  },
  {
    name: 'windows',
    text: 'The store is a hall with {a} windows.',
    draw: (_, rng) => [int(rng, 3, 400)],
    value: x => x,
    idle: true,
  },
  {
    name: 'keeper',
    text: 'The keeper of the store, who is {a} years old, writes everything down.',
    draw: (_, rng) => [int(rng, 22, 77)],
    value: x => x,
    idle: true,
  },
  {
    name: 'neighbour-store',
    text: 'A neighbouring store, with which nothing is exchanged, holds {a} {Unit} at this time.',
    draw: (_, rng, digits) => [number(rng, digits)],
    value: x => x,
    idle: true,
  },
  {
    name: 'rent',
    text: 'The building was put up in {a} and has {b} rooms.',
    draw: (_, rng) => [int(rng, 1870, 2019), int(rng, 4, 60)],
    value: x => x,
    idle: true,
  },
]

export const eventTemplates = new Map(events.map(event => [event.name, template(event.text)]))
export const eventOf = new Map(events.map(event => [event.name, event]))
