import type { Rng } from '../../util/rng.ts'
import type { Family } from '../_shared/families.ts'
import { surd } from '../_shared/surd.ts'
import { bounded, choose, factorial, falling, sign, sumOf } from './arithmetic.ts'

/** The largest count of things at each size. */
const span = (size: number) => [7, 9, 13, 18, 26, 40, 60, 100][size - 1]!
const count = (rng: Rng, size: number) => rng.int(Math.max(4, Math.floor(span(size) / 2)), span(size))
/** A probability as numerator and denominator. */
function chance(rng: Rng, size: number): [number, number] {
  const b = rng.int(3, 5 + size)
  return [rng.int(1, b - 1), b]
}

/** Kinds of counting. Every formula here is a closed one; the Python programs count step by step instead. */
const counting: readonly Family[] = [
  {
    name: 'pennants',
    symmetric: true,
    texts: [
      'In how many different orders can {a} red, {b} blue and {c} green pennants be hung in a row, if pennants of one colour cannot be told apart?',
      'How many different strings can be written with exactly {a} letters X, {b} letters Y and {c} letters Z and no other letters?',
    ],
    draw: (rng, size) => [rng.int(2, span(size)), rng.int(2, span(size)), rng.int(1, span(size))],
    value: ([a, b, c]) => surd(choose(a! + b! + c!, a!) * choose(b! + c!, b!)),
  },
  {
    name: 'apart',
    texts: [
      'A row has {a} chairs. In how many ways can {b} of the chairs be chosen so that no two of the chosen chairs are next to each other?',
      'How many sets of {b} numbers from 1 to {a} contain no two consecutive numbers?',
    ],
    draw(rng, size) {
      const b = rng.int(2, Math.floor(count(rng, size) / 2) + 1)
      return [2 * b - 1 + rng.int(1, span(size)), b]
    },
    value: ([a, b]) => surd(choose(a! - b! + 1n, b!)),
  },
  {
    name: 'round-table',
    texts: [
      'There are {a} guests for a round table with {a} equal chairs; seatings that differ only by a rotation count as one. In how many ways can all guests sit down if {b} particular guests want to sit side by side as one group, in any order among themselves?',
    ],
    draw(rng, size) {
      const a = count(rng, size) + 1
      return [a, rng.int(2, a - 2)]
    },
    value: ([a, b]) => surd(factorial(b!) * factorial(a! - b!)),
  },
  {
    name: 'committee',
    texts: [
      'A club has {a} women and {b} men. In how many ways can a committee of {c} members be chosen that contains at least {d} women?',
      'A box holds {a} different novels and {b} different atlases. How many choices of {c} of these books contain {d} or more novels?',
    ],
    draw(rng, size) {
      const [a, b] = [count(rng, size), count(rng, size)]
      const c = rng.int(3, Math.min(a, b))
      return [a, b, c, rng.int(1, c - 1)]
    },
    value: ([a, b, c, d]) => surd(sumOf(d!, c!, i => choose(a!, i) * choose(b!, c! - i))),
  },
  {
    name: 'boxes',
    texts: [
      'In how many ways can {a} equal balls be put into {b} different boxes if every box must get at least {c} and at most {d} balls?',
      'How many ordered lists of {b} whole numbers have the sum {a}, if every number in the list is at least {c} and at most {d}?',
    ],
    draw(rng, size) {
      const [b, c] = [rng.int(3, Math.min(30, span(size))), rng.int(0, 3)]
      const d = c + rng.int(3, 6 + size)
      return [rng.int(b * c + 2, b * d - 2), b, c, d]
    },
    value: ([a, b, c, d]) => surd(bounded(a! - b! * c!, b!, d! - c!)),
  },
  {
    name: 'no-empty',
    texts: [
      'In how many ways can {a} different letters be put into {b} different mailboxes so that no mailbox stays empty?',
      'How many strings of length {a} over an alphabet of {b} symbols use every symbol at least once?',
    ],
    draw(rng, size) {
      const a = count(rng, size) + 1
      return [a, rng.int(2, a - 1)]
    },
    value: ([a, b]) => surd(sumOf(0n, b!, i => sign(i) * choose(b!, i) * (b! - i) ** a!)),
  },
  {
    name: 'digit-sum',
    texts: [
      'How many strings of {a} decimal digits (leading zeros allowed) have the digit sum {b}?',
      'A combination lock has {a} wheels, each showing a digit from 0 to 9. For how many settings is the sum of the digits shown equal to {b}?',
    ],
    draw(rng, size) {
      const a = rng.int(3, Math.min(40, span(size)))
      return [a, rng.int(3, 9 * a - 3)]
    },
    value: ([a, b]) => surd(bounded(b!, a!, 9n)),
  },
  {
    name: 'multiples',
    most: 10 ** 12,
    texts: [
      'How many of the whole numbers from 1 to {a} are divisible by at least one of the numbers {b}, {c} and {d}?',
    ],
    draw(rng, size) {
      const [b, c, d] = rng.sample([4, 6, 7, 9, 10, 11, 12, 14, 15, 18, 20, 22, 25], 3)
      return [rng.int(50, 10 ** (2 + size)), b!, c!, d!]
    },
    value([a, ...divisors]) {
      const lcm = (x: bigint, y: bigint): bigint => {
        let [p, q] = [x, y]
        while (q !== 0n) [p, q] = [q, p % q]
        return (x / p) * y
      }
      const [b, c, d] = divisors as [bigint, bigint, bigint]
      const up = (n: bigint) => a! / n
      const pairs = up(lcm(b, c)) + up(lcm(b, d)) + up(lcm(c, d))
      return surd(up(b) + up(c) + up(d) - pairs + up(lcm(lcm(b, c), d)))
    },
  },
  {
    name: 'blocked-corner',
    texts: [
      'On a grid, a robot goes from the point (0, 0) to the point ({a}, {b}); every step goes one unit to the right or one unit up. In how many ways can it go if it must not pass through the point ({c}, {d})?',
    ],
    draw(rng, size) {
      const [a, b] = [count(rng, size), count(rng, size)]
      return [a, b, rng.int(1, a - 1), rng.int(1, b - 1)]
    },
    value: ([a, b, c, d]) => surd(choose(a! + b!, a!) - choose(c! + d!, c!) * choose(a! - c! + b! - d!, a! - c!)),
  },
  {
    name: 'through-and-not',
    texts: [
      'In a city with a square grid of streets, a cab drives from the crossing (0, 0) to the crossing ({a}, {b}), always one block east or one block north at a time. How many routes pass through the crossing ({c}, {d}) but not through the crossing ({e}, {f})?',
    ],
    draw(rng, size) {
      const [c, d] = [rng.int(1, span(size)), rng.int(1, span(size))]
      const [e, f] = [c + rng.int(1, 4), d + rng.int(1, 4)]
      return [e + rng.int(1, span(size)), f + rng.int(1, span(size)), c, d, e, f]
    },
    value([a, b, c, d, e, f]) {
      const ways = (x: bigint, y: bigint) => choose(x + y, x)
      const free = ways(a! - c!, b! - d!)
      return surd(ways(c!, d!) * (free - ways(e! - c!, f! - d!) * ways(a! - e!, b! - f!)))
    },
  },
  {
    name: 'coefficient',
    texts: [
      'What is the coefficient of x^{d} in the expansion of ({a}x - {b})^{c}?',
      'When ({a}x - {b})^{c} is multiplied out and like terms are collected, which number stands in front of x^{d}?',
    ],
    draw(rng, size) {
      const c = count(rng, size)
      return [rng.int(2, 9), rng.int(2, 9), c, rng.int(2, c - 1)]
    },
    value: ([a, b, c, d]) => surd(choose(c!, d!) * a! ** d! * (-b!) ** (c! - d!)),
  },
  {
    name: 'stairs',
    texts: [
      'A staircase has {a} steps. Every stride climbs {b}, {c} or {d} steps. In how many different sequences of strides can one climb exactly from the bottom to the top?',
      'In how many ways can a strip of length {a} be covered from left to right with tiles of length {b}, {c} and {d}, where the order of the tiles matters and not every kind has to be used?',
    ],
    draw(rng, size) {
      const steps = rng.sample([1, 2, 3, 4, 5, 6, 7], 3).sort((x, y) => x - y)
      return [span(size) + rng.int(4, 20), ...steps]
    },
    value([a, ...steps]) {
      const ways = [1n]
      for (let n = 1; n <= Number(a); n++)
        ways.push(steps.reduce((sum, step) => sum + (ways[n - Number(step)] ?? 0n), 0n))
      return surd(ways.at(-1)!)
    },
  },
  {
    name: 'no-run',
    texts: [
      'How many strings of length {a} over an alphabet of {c} letters, one of which is A, do not contain {b} letters A in a row?',
    ],
    draw: (rng, size) => [span(size) + rng.int(2, 12), rng.int(2, 5), rng.int(2, 6)],
    value([a, b, c]) {
      // A string ends with fewer than b letters A, before them another letter or nothing.
      const ways: bigint[] = [1n]
      for (let n = 1; n <= Number(a); n++) {
        const shorter = ways.slice(Math.max(0, n - Number(b))).reduce((sum, way) => sum + way, 0n)
        ways.push((c! - 1n) * shorter + (n < Number(b) ? 1n : 0n))
      }
      return surd(ways.at(-1)!)
    },
  },
  {
    name: 'triangles',
    texts: [
      'Of {a} points in the plane, {b} lie on one straight line; apart from these, no three of the points lie on a line. How many triangles have their corners among the points?',
    ],
    draw(rng, size) {
      const a = rng.int(5, span(size) * 5)
      return [a, rng.int(3, a - 1)]
    },
    value: ([a, b]) => surd(choose(a!, 3n) - choose(b!, 3n)),
  },
  {
    name: 'rectangles',
    texts: [
      'A board is divided into {a} rows and {b} columns of unit squares. How many rectangles made of whole unit squares contain the square in row {c} and column {d} (both counted from 1)?',
    ],
    draw(rng, size) {
      const [a, b] = [rng.int(4, span(size) * 3), rng.int(4, span(size) * 3)]
      return [a, b, rng.int(1, a), rng.int(1, b)]
    },
    value: ([a, b, c, d]) => surd(c! * (a! - c! + 1n) * d! * (b! - d! + 1n)),
  },
  {
    name: 'even-sum',
    texts: ['How many sets of {b} different whole numbers from 1 to {a} have an even sum?'],
    draw(rng, size) {
      const a = count(rng, size) + 3
      return [a, rng.int(2, a - 2)]
    },
    value: ([a, b]) =>
      surd(sumOf(0n, b!, odd => (odd % 2n === 0n ? choose((a! + 1n) / 2n, odd) * choose(a! / 2n, b! - odd) : 0n))),
  },
  {
    name: 'couples',
    texts: [
      'In how many ways can {a} married couples and {b} single people sit down in a row of chairs, one chair for each person, if every couple sits side by side?',
    ],
    draw: (rng, size) => [rng.int(2, span(size)), rng.int(1, span(size))],
    value: ([a, b]) => surd(factorial(a! + b!) * 2n ** a!),
  },
]

/** Kinds of probability and expectation. */
const probability: readonly Family[] = [
  {
    name: 'dice-sum',
    texts: [
      'We roll {a} fair dice, each with the faces 1 to {b}. What is the probability that the sum of the numbers rolled is exactly {c}?',
    ],
    draw(rng, size) {
      const [a, b] = [rng.int(2, Math.min(25, span(size))), rng.int(4, 6 + 2 * size)]
      return [a, b, rng.int(a + 1, a * b - 1)]
    },
    value: ([a, b, c]) => surd(bounded(c! - a!, a!, b! - 1n), b! ** a!),
  },
  {
    name: 'dice-highest',
    texts: [
      'We roll {a} fair dice, each with the faces 1 to {b}. What is the probability that the highest number rolled is exactly {c}?',
      'From the numbers 1 to {b} we draw {a} times with replacement, each number equally likely. What is the probability that {c} is the largest number drawn?',
    ],
    draw(rng, size) {
      const b = rng.int(4, 8 + 3 * size)
      return [rng.int(2, span(size)), b, rng.int(2, b - 1)]
    },
    value: ([a, b, c]) => surd(c! ** a! - (c! - 1n) ** a!, b! ** a!),
  },
  {
    name: 'urn',
    texts: [
      'An urn holds {a} red and {b} blue balls. We draw {c} balls at random without replacement. What is the probability that exactly {d} of them are red?',
      'Of {a} ripe and {b} unripe melons, {c} are picked at random all at once. What is the probability that exactly {d} of the picked ones are ripe?',
    ],
    draw(rng, size) {
      const [a, b] = [count(rng, size), count(rng, size)]
      const c = rng.int(2, Math.min(a, b))
      return [a, b, c, rng.int(0, c)]
    },
    value: ([a, b, c, d]) => surd(choose(a!, d!) * choose(b!, c! - d!), choose(a! + b!, c!)),
  },
  {
    name: 'bent-coin',
    texts: [
      'A bent coin shows heads with probability {a}/{b}. It is tossed {c} times, independently. What is the probability of at least {d} heads?',
      'A player hits the target with probability {a}/{b} at every throw, independently. What is the probability of {d} or more hits in {c} throws?',
    ],
    draw(rng, size) {
      const c = rng.int(3, span(size))
      return [...chance(rng, size), c, rng.int(1, c - 1)]
    },
    value: ([a, b, c, d]) =>
      surd(
        sumOf(d!, c!, i => choose(c!, i) * a! ** i * (b! - a!) ** (c! - i)),
        b! ** c!,
      ),
  },
  {
    name: 'which-machine',
    most: 10_000,
    texts: [
      'Machine one has made {a} parts, of which {b} are faulty; machine two has made {c} parts, of which {d} are faulty. A fair coin decides from which machine we take a part, and that part is chosen at random among those the machine has made. The part is faulty. What is the probability that it comes from machine one?',
    ],
    draw(rng, size) {
      const [a, c] = [rng.int(10, 20 * span(size)), rng.int(10, 20 * span(size))]
      return [a, rng.int(1, a - 1), c, rng.int(1, c - 1)]
    },
    value: ([a, b, c, d]) => surd(b! * c!, b! * c! + d! * a!),
  },
  {
    name: 'series',
    texts: [
      'Two teams play until one of them has won {c} games; there are no draws. The first team wins every single game with probability {a}/{b}, independently. What is the probability that the first team is the one to win {c} games first?',
    ],
    draw(rng, size) {
      const [a, b] = chance(rng, size)
      // Between equal teams there is nothing to count.
      return [a, 2 * a === b ? b + 1 : b, rng.int(2, Math.floor(span(size) / 2) + 1)]
    },
    value: ([a, b, c]) =>
      surd(
        a! ** c! * sumOf(0n, c! - 1n, i => choose(c! - 1n + i, i) * (b! - a!) ** i * b! ** (c! - 1n - i)),
        b! ** (2n * c! - 1n),
      ),
  },
  {
    name: 'hats',
    texts: [
      'The hats of {a} guests are given back at random, one to each guest, all orders being equally likely. What is the probability that exactly {b} guests get their own hat?',
    ],
    draw(rng, size) {
      const a = count(rng, size)
      return [a, rng.int(0, Math.min(a - 2, 6))]
    },
    value([a, b]) {
      const rest = a! - b!
      const derangements = sumOf(0n, rest, i => (sign(i) * factorial(rest)) / factorial(i))
      return surd(choose(a!, b!) * derangements, factorial(a!))
    },
  },
  {
    name: 'faces-seen',
    texts: [
      'A fair die with {a} faces is rolled {b} times. What is the expected number of different faces that come up at least once?',
      'Into {a} boxes we throw {b} balls, each ball into a random box, independently. What is the expected number of boxes that are not empty?',
    ],
    draw: (rng, size) => [rng.int(3, 6 + 3 * size), rng.int(2, span(size))],
    value: ([a, b]) => surd(a! ** b! - (a! - 1n) ** b!, a! ** (b! - 1n)),
  },
  {
    name: 'jokers',
    texts: [
      'A well shuffled pack has {a} cards, of which {b} are jokers. Cards are turned over one by one. What is the expected number of cards turned over up to and including joker number {c}?',
    ],
    draw(rng, size) {
      const a = rng.int(8, 4 * span(size))
      const b = rng.int(2, Math.min(a - 2, 30))
      return [a, b, rng.int(1, b)]
    },
    value: ([a, b, c]) => surd(c! * (a! + 1n), b! + 1n),
  },
  {
    name: 'socks',
    symmetric: true,
    texts: [
      'A drawer holds {a} red, {b} blue and {c} green socks. Two socks are taken at random without replacement. What is the probability that they have the same colour?',
      'Among {a} apples, {b} pears and {c} plums two pieces of fruit are chosen at random. What is the probability that both are of the same kind?',
    ],
    draw: (rng, size) => [rng.int(2, 4 * span(size)), rng.int(2, 4 * span(size)), rng.int(2, 4 * span(size))],
    value(colours) {
      const all = colours.reduce((sum, n) => sum + n, 0n)
      return surd(
        colours.reduce((sum, n) => sum + choose(n, 2n), 0n),
        choose(all, 2n),
      )
    },
  },
  {
    name: 'coincidence',
    texts: [
      'Each of {a} people independently picks one of {b} numbers at random, all numbers being equally likely. What is the probability that at least two people pick the same number?',
    ],
    draw(rng, size) {
      const a = rng.int(2, Math.ceil(span(size) / 2))
      return [a, a + rng.int(2, 3 * span(size))]
    },
    value: ([a, b]) => surd(b! ** a! - falling(b!, a!), b! ** a!),
  },
  {
    name: 'never-behind',
    texts: [
      'In an election candidate X gets {a} votes and candidate Y gets {b}. The votes are counted one by one in random order. What is the probability that X is never behind Y during the whole count?',
    ],
    draw(rng, size) {
      const b = rng.int(2, span(size))
      return [b + rng.int(0, span(size)), b]
    },
    value: ([a, b]) => surd(a! - b! + 1n, a! + 1n),
  },
  {
    name: 'two-arrivals',
    most: 10_000,
    texts: [
      'A real number x is chosen uniformly at random between 0 and {a}, and independently a real number y uniformly between 0 and {b}. What is the probability that x + y is at most {c}?',
    ],
    draw(rng, size) {
      const [a, b] = [rng.int(2, 5 * span(size)), rng.int(2, 5 * span(size))]
      return [a, b, rng.int(1, a + b - 1)]
    },
    value([a, b, c]) {
      const square = (n: bigint) => (n > 0n ? n * n : 0n)
      return surd(square(c!) - square(c! - a!) - square(c! - b!), 2n * a! * b!)
    },
  },
]

export const families: readonly Family[] = [...counting, ...probability]
