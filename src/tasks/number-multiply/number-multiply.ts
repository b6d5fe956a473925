import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { answerFormat, bare, quote, readBack } from '../_shared/answers.ts'

/** Multiply whole numbers exactly. Factors are decimal strings: they outgrow doubles. */
interface NumberMultiply {
  readonly factors: readonly string[]
}

/** Digit counts of the factors. */
const ladder = [
  [1, 2, 4],
  [2, 3, 4],
  [4, 4, 4],
  [8, 8],
  [12, 12],
  [20, 20],
  [40, 40, 40],
  [120, 120, 120],
] as const

const product = (factors: readonly string[]) => factors.map(BigInt).reduce((a, b) => a * b, 1n)

function ask({ factors }: NumberMultiply): string {
  const written = factors.map(factor => (factor.startsWith('-') ? `(${factor})` : factor)).join(' * ')
  return [
    'Compute this product of whole numbers exactly.',
    `Product: ${written}`,
    answerFormat(
      'Write the result as one whole number in decimal digits, with a leading minus sign if it is negative.',
      '-5336100',
    ),
  ].join('\n')
}

/** Thousands separators that people and models write: comma, blank, thin and no-break blanks, underscore, apostrophe. */
const grouped = /\d{1,3}(?:([,_'’ \u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?!\d)/g

/** The one whole number that the text states, or why there is none. */
function readInteger(answer: string): { readonly value: bigint } | { readonly why: string } {
  let text = bare(answer).replace(/[−﹣－]/g, '-')
  if (text.length > 20_000) return { why: 'longer than 20000 characters' }
  // Of an equation the last side counts: `a * b = product`.
  text = text.slice(text.lastIndexOf('=') + 1).replace(/\*\*|\$/g, ' ')
  const joined = text.replace(grouped, number => number.replace(/[^0-9]/g, ''))
  const numbers = joined.match(/[+-]?[\p{Nd}]+(?:[.,][\p{Nd}]+)*(?:[eE][+-]?\d+)?/gu) ?? []
  if (numbers.length === 0) return { why: `no number in ${quote(text)}` }
  if (numbers.length > 1) return { why: `${numbers.length} numbers: which one is meant?` }
  const number = numbers[0]!
  if (!/^[+-]?[0-9]+$/.test(number)) return { why: `${quote(number)} is not a whole number in plain digits` }
  // A sign apart from its digits (`- 5`) is still a sign; an operator between two numbers cannot occur, there is only one.
  const before = joined.slice(0, joined.indexOf(number)).trimEnd()
  const negative = number.startsWith('-') || (/^[0-9]/.test(number) && before.endsWith('-'))
  const digits = BigInt(number.replace(/^[+-]/, ''))
  return { value: negative ? -digits : digits }
}

export default defineTask<NumberMultiply>({
  slug: 'number-multiply',
  title: 'Number Multiply',
  split: 'unseen',
  version: 1,
  about: 'Multiply a short list of whole numbers, some negative, exactly.',
  levels: ladder.map(digits => ({ knob: `factors of ${digits.join(', ')} digits` })),
  generate(rng, level) {
    const factors = ladder[level - 1]!.map(digits => {
      const low = digits === 1 ? 2n : 10n ** BigInt(digits - 1)
      const size = rng.bigint(low, 10n ** BigInt(digits) - 1n)
      return String(rng.chance(0.5) ? -size : size)
    })
    return { factors: rng.shuffle(factors) }
  },
  ask,
  read: readBack(ask, prompt => {
    const found = /^Product: ([-()0-9* ]+)$/m.exec(prompt)
    return found ? { factors: found[1]!.replace(/[() ]/g, '').split('*') } : null
  }),
  verify({ factors }, answer) {
    const given = readInteger(answer)
    if ('why' in given) return malformed(given.why)
    const truth = product(factors)
    if (given.value === truth) return correct
    if (given.value === -truth) return incorrect('right digits, wrong sign')
    const [mine, theirs] = [String(truth).replace('-', ''), String(given.value).replace('-', '')]
    if (mine.length !== theirs.length)
      return incorrect(`the product has ${mine.length} digits, this has ${theirs.length}`)
    const at = [...mine].findIndex((digit, i) => digit !== theirs[i])
    return incorrect(at < 0 ? 'wrong sign' : `digit ${at + 1} from the left is wrong`)
  },
  solve: ({ factors }) => String(product(factors)),
  pythonData: ({ factors }) => ({ FACTORS: factors.map(BigInt) }),
  nearMisses({ factors }, rng) {
    const truth = product(factors)
    const digits = String(truth < 0n ? -truth : truth)
    const at = rng.int(0, digits.length - 1)
    const changed = digits.slice(0, at) + ((Number(digits[at]) + rng.int(1, 8)) % 10 || 9) + digits.slice(at + 1)
    const sign = truth < 0n ? '-' : ''
    const double = factors.map(Number).reduce((a, b) => a * b, 1)
    const rounded = Number.isFinite(double) ? BigInt(double) : truth + 10n
    return [sign + changed, String(rounded), String(-truth), String(truth * 10n), String(truth + 1n)].filter(
      text => BigInt(text) !== truth,
    )
  },
  identity: ({ factors }) => [...factors].sort(),
  effort: ({ factors }) => factors.reduce((digits, factor) => digits + factor.replace('-', '').length, 0),
  fromPublished(sample) {
    const values = (sample.solution as { readonly input_value_list?: unknown } | null)?.input_value_list
    if (typeof values !== 'string' || !/^\s*\[\s*-?\d+(\s*,\s*-?\d+)*\s*\]\s*$/.test(values)) return null
    return { factors: values.match(/-?\d+/g) ?? [] }
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly target_answer?: unknown } | null)?.target_answer
    return typeof key === 'string' ? key : null
  },
})
