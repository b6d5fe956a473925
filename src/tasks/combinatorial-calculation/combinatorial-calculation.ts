import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { evaluate, leaves, parseExpression } from '../_shared/expression.ts'
import { unbracketed, undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { showRational } from '../_shared/rational.ts'
import { solveInOrder } from './solver.ts'

/** Put operators and parentheses between numbers in a fixed order so that the target comes out. */
interface CombinatorialCalculation {
  readonly numbers: readonly number[]
  readonly target: number
}

const ladder: readonly {
  readonly count: number
  readonly max: number
  readonly target: readonly [number, number]
  readonly instances?: number
}[] = [
  // Counted: rows with every target in range that whole steps can reach, but not by signs alone; the third by sampling.
  { count: 3, max: 12, target: [2, 99], instances: 9_302 },
  { count: 4, max: 9, target: [10, 99], instances: 134_906 },
  { count: 5, max: 9, target: [20, 199], instances: 4_300_000 },
  { count: 6, max: 9, target: [50, 299] },
  { count: 8, max: 20, target: [100, 999] },
  { count: 15, max: 9, target: [200, 999] },
  { count: 20, max: 19, target: [2_000, 19_999] },
  { count: 40, max: 60, target: [100_000, 999_999] },
]

/** Longer answers than any expression over the numbers are refused unread. */
const maxLength = 20_000

function ask({ numbers, target }: CombinatorialCalculation): string {
  return [
    `Place operators and parentheses between the numbers of a row so that the row equals exactly ${target}.`,
    `Row: ${numbers.join(' ')}`,
    'The numbers stay in this order, left to right, and each is used exactly once: none left out, none added, none joined with its neighbour to a longer number. Allowed are the binary operators +, -, * and / and parentheses; no sign may stand directly in front of a number or a parenthesis. Multiplication and division come before addition and subtraction; equal ones are done from left to right. Division is exact, so fractions may appear on the way.',
    answerFormat('List the parts in order, separated by commas.', '[(, 100, -, 200, ), *, 300]'),
  ].join('\n')
}

/** A whole value of a random tree over the numbers, or null where the draw leads nowhere. */
function randomValue(rng: Rng, numbers: readonly number[]): number | null {
  if (numbers.length === 1) return numbers[0]!
  const at = rng.int(1, numbers.length - 1)
  const [a, b] = [randomValue(rng, numbers.slice(0, at)), randomValue(rng, numbers.slice(at))]
  if (a === null || b === null) return null
  switch (rng.pick(['+', '-', '*', '*', '/'])) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    default:
      return b !== 0 && a % b === 0 ? a / b : null
  }
}

/** Whether the target comes out with plus and minus alone: too easy to be asked of short rows. */
function signsSuffice(numbers: readonly number[], target: number): boolean {
  if (target > numbers.reduce((a, b) => a + b, 0)) return false
  let sums = new Set([numbers[0]!])
  for (const n of numbers.slice(1)) sums = new Set([...sums].flatMap(sum => [sum + n, sum - n]))
  return sums.has(target)
}

/** `[6, /, 2, +, 7]` from an expression. */
const asList = (expression: string) => `[${(expression.match(/\d+|\S/g) ?? []).join(', ')}]`

/** The expression in an answer, without list marks; a reason where a mark is out of place. */
function expressionIn(answer: string, target: number): { readonly text: string } | { readonly why: string } {
  let text = undressed(answer, maxLength)
  if (text === null) return { why: `longer than ${maxLength} characters` }
  const sides = text.split('=').map(side => side.trim())
  if (sides.length > 2) return { why: `more than one "=" in ${quote(text)}` }
  if (sides.length === 2) {
    if (sides[1] !== String(target)) return { why: `the right-hand side must be ${target}, not ${quote(sides[1]!)}` }
    text = sides[0]!
  }
  const unquoted = text.replace(/["'`“”‘’]/g, '').trim()
  // A parenthesis at either end belongs to the expression; square and curly brackets are marks of a list.
  const inner = /^[[{]|[\]}]$/.test(unquoted) ? unbracketed(unquoted) : unquoted
  if (inner === null) return { why: `a bracket in ${quote(text)} has no partner` }
  if (/,\s*,|^\s*,/.test(inner)) return { why: `an empty item in ${quote(inner)}` }
  return { text: inner.replace(/,\s*$/, '').replaceAll(',', ' ') }
}

export default defineTask<CombinatorialCalculation>({
  slug: 'combinatorial-calculation',
  title: 'Combinatorial Calculation',
  split: 'unseen',
  version: 1,
  about: 'Place + - * / and parentheses between numbers in a fixed order so that a target comes out.',
  levels: ladder.map(({ count, max, target, instances }) => ({
    knob: `${count} numbers from 1 to ${max}, target ${target[0]} to ${target[1]}`,
    ...(instances ? { instances } : {}),
  })),
  generate(rng, level) {
    const { count, max, target: range } = ladder[level - 1]!
    for (;;) {
      const numbers = Array.from({ length: count }, () => rng.int(1, max))
      const target = count <= 8 ? randomValue(rng, numbers) : rng.int(...range)
      if (target === null || target < range[0] || target > range[1] || signsSuffice(numbers, target)) continue
      // Short rows are solvable by construction; long ones because the solver says so.
      if (count <= 8 || solveInOrder(numbers, target) !== null) return { numbers, target }
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const found = /the row equals exactly (\d{1,9})\.\nRow: ([\d ]+)\n/.exec(prompt)
    return found ? { numbers: found[2]!.split(' ').map(Number), target: Number(found[1]) } : null
  }),
  verify({ numbers, target }, answer) {
    const found = expressionIn(answer, target)
    if ('why' in found) return malformed(found.why)
    const parsed = parseExpression(found.text)
    if (!parsed.ok) return malformed(parsed.why)
    const used = leaves(parsed.value)
    const at = used.findIndex((leaf, i) => i >= numbers.length || leaf !== BigInt(numbers[i]!))
    if (at >= 0) {
      return at < numbers.length
        ? incorrect(
            `number ${at + 1} of the row is ${numbers[at]}, the expression has ${quote(String(used[at]))} there`,
          )
        : incorrect(`the row has ${numbers.length} numbers, the expression ${used.length}`)
    }
    if (used.length < numbers.length)
      return incorrect(`the ${numbers[used.length]} at place ${used.length + 1} is not used`)
    const value = evaluate(parsed.value)
    if (value === null) return incorrect('divides by zero')
    if (value.den === 1n && value.num === BigInt(target)) return correct
    return incorrect(`equals ${quote(showRational(value))}, not ${target}`)
  },
  solve({ numbers, target }) {
    const found = solveInOrder(numbers, target)
    if (found === null) throw new Error(`combinatorial-calculation: no solution for ${numbers.join(' ')} = ${target}`)
    return asList(found)
  },
  pythonData: ({ numbers, target }) => ({ NUMBERS: numbers, TARGET: target }),
  nearMisses(puzzle, rng) {
    const { numbers, target } = puzzle
    const whole = solveInOrder(numbers, target) ?? numbers.join('+')
    const swapped = [numbers[1]!, numbers[0]!, ...numbers.slice(2)]
    const otherOrder = numbers.length <= 8 ? solveInOrder(swapped, target) : null
    const otherOperators = () =>
      asList(numbers.map((n, i) => (i === 0 ? '' : rng.pick(['+', '-', '*', '*'])) + n).join(''))
    return onlyWrong(
      text => this.verify(puzzle, text),
      [
        ...(otherOrder ? [asList(otherOrder)] : []),
        asList(whole.replace(/[()]/g, '')),
        asList(whole).replace(/, [-+*/], (?=\d)/, ', '),
        asList(whole.replace('+', '-')),
        asList(whole.replace('*', '+')),
        asList(whole.replace(/\d+/, digits => String(Number(digits) + 1))),
        `[${target}]`,
        asList(`${whole}+1-1`),
        asList(whole).replace(/, (?:\d+|\))\]$/, ']'),
        asList(`-${whole}`),
        asList(numbers.join('+')),
        ...Array.from({ length: 8 }, otherOperators),
      ],
    )
  },
  effort: ({ numbers }) => numbers.length,
  fromPublished(sample) {
    const { numbers, target } = (sample.solution ?? {}) as { readonly numbers?: unknown; readonly target?: unknown }
    if (!Array.isArray(numbers) || !numbers.every(n => Number.isSafeInteger(n)) || !Number.isSafeInteger(target))
      return null
    return { numbers, target: Number(target) }
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return Array.isArray(key) ? `[${key.join(', ')}]` : null
  },
})
