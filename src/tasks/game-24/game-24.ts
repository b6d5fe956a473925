import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { answerFormat, bare, quote, readBack } from '../_shared/answers.ts'
import { evaluate, leaves, parseExpression } from '../_shared/expression.ts'
import { showRational } from '../_shared/rational.ts'
import { quicklySolvable, solve24 } from './solver.ts'

/** Reach the target with every number once and the four operations. */
interface Game24 {
  readonly numbers: readonly number[]
  readonly target: number
}

/** How many numbers, and how large at most; `instances` counts the multisets where they are few. */
const ladder: readonly { readonly count: number; readonly max: number; readonly instances?: number }[] = [
  { count: 3, max: 99, instances: 7_434 },
  { count: 4, max: 24, instances: 11_000 },
  { count: 5, max: 24, instances: 90_000 },
  { count: 6, max: 24, instances: 470_000 },
  { count: 8, max: 60 },
  { count: 20, max: 99 },
  { count: 40, max: 99 },
  { count: 80, max: 99 },
]

const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
const solution = ({ numbers, target }: Game24) => solve24(numbers.map(BigInt), BigInt(target))

function ask({ numbers, target }: Game24): string {
  return [
    `Write one arithmetic expression that equals exactly ${target}.`,
    `Numbers: ${numbers.join(' ')}`,
    'Use every listed number exactly once (a number listed twice must be used twice) and no other number. Only the binary operations +, -, * and / and parentheses are allowed: no joining of digits, no signs in front of a number, no powers. Division is exact, so fractions may appear on the way.',
    answerFormat('Write the expression alone.', '(100+101)*102'),
  ].join('\n')
}

export default defineTask<Game24>({
  slug: 'game-24',
  title: 'Game 24',
  split: 'seen',
  version: 1,
  about: 'Combine all given numbers with + - * / to reach exactly 24.',
  levels: ladder.map(({ count, max, instances }) => ({
    knob: `${count} numbers from 1 to ${max}`,
    ...(instances ? { instances } : {}),
  })),
  generate(rng, level) {
    const { count, max } = ladder[level - 1]!
    for (;;) {
      const numbers = Array.from({ length: count }, () => rng.int(1, max))
      const sum = numbers.reduce((a, b) => a + b, 0)
      // A bare sum is no puzzle.
      if (sum !== 24 && quicklySolvable(numbers, 24)) return { numbers, target: 24 }
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const target = /expression that equals exactly (\d{1,9})\.\nNumbers: ([\d ]+)\n/.exec(prompt)
    return target ? { numbers: target[2]!.split(' ').map(Number), target: Number(target[1]) } : null
  }),
  verify({ numbers, target }, answer) {
    const text = bare(answer)
      .replace(/^\$+|\$+$/g, '')
      .replace(/\\[[\]()]/g, '')
    // One right-hand side is allowed if it is the target itself.
    const [left, right, ...more] = text.split('=').map(side => side.trim())
    if (more.length > 0) return malformed(`more than one "=" in ${quote(text)}`)
    if (right !== undefined && !new RegExp(`^${target}(\\.0+)?$`).test(right)) {
      return malformed(`the right-hand side must be ${target}, not ${quote(right)}`)
    }
    const parsed = parseExpression(left!)
    if (!parsed.ok) return malformed(parsed.why)
    const unused = [...numbers.map(BigInt)]
    for (const leaf of leaves(parsed.value)) {
      const at = unused.indexOf(leaf)
      if (at < 0) return incorrect(`${quote(String(leaf))} is not one of the numbers left to use`)
      unused.splice(at, 1)
    }
    if (unused.length > 0) return incorrect(`${unused.join(' and ')} not used`)
    const value = evaluate(parsed.value)
    if (value === null) return incorrect('divides by zero')
    if (value.den === 1n && value.num === BigInt(target)) return correct
    return incorrect(`equals ${quote(showRational(value))}, not ${target}`)
  },
  solve(puzzle) {
    const found = solution(puzzle)
    if (found === null) throw new Error(`game-24: no solution found for ${puzzle.numbers.join(' ')}`)
    return found
  },
  pythonData: ({ numbers, target }) => ({ NUMBERS: numbers, TARGET: target }),
  nearMisses({ numbers, target }, rng) {
    const whole = solution({ numbers, target }) ?? numbers.join('+')
    const shuffled = rng.shuffle(numbers)
    return [
      shuffled.join('+'),
      // The right value without one number, and with one number twice.
      solution({ numbers: numbers.slice(1), target }) ?? `${numbers.slice(1).join('*')}`,
      `${whole}+${numbers[0]}-${numbers[0]}`,
      whole.replace(/\d+/, digits => String(Number(digits) + 1)),
      `${shuffled.slice(0, -1).join('*')}-${shuffled.at(-1)}`,
    ].filter(text => this.verify({ numbers, target }, text).verdict !== 'correct')
  },
  identity: ({ numbers, target }) => ({ numbers: inOrder(numbers), target }),
  effort: ({ numbers }) => numbers.length,
  fromPublished(sample) {
    const instance = sample.instance as { readonly numbers?: unknown; readonly target?: unknown } | undefined
    const numbers = instance?.numbers
    if (!Array.isArray(numbers) || !numbers.every(n => Number.isSafeInteger(n) && n >= 0)) return null
    return { numbers, target: Number.isSafeInteger(instance?.target) ? Number(instance?.target) : 24 }
  },
  publishedKey: sample => (typeof sample.solution === 'string' ? sample.solution : null),
})
