import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { unbracketed, undressed, unquoted } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { equal, type Rational, rational, showRational } from '../_shared/rational.ts'
import { type Invented, parseFormula, parseInvented, valueOfFormula, valueOfInvented } from './formula.ts'
import { type Definition, drawOperators, type Recipe } from './generator.ts'

/** Evaluate an expression in operators that the question defines. */
interface NewOperator {
  readonly operators: readonly Definition[]
  readonly expression: string
}

const basic = ['linear', 'product', 'quotient'] as const
const more = [...basic, 'difference', 'average'] as const
const all = [...more, 'larger', 'smaller', 'distance'] as const

const ladder: readonly (Recipe & { readonly instances?: number })[] = [
  // At least: 25 linear formulas, 8,000 triples of operands, two shapes.
  { operators: 1, applications: 2, maxOperand: 20, forms: basic, bound: 1_000_000n, instances: 400_000 },
  { operators: 2, applications: 3, maxOperand: 20, forms: basic, bound: 1_000_000n },
  { operators: 3, applications: 4, maxOperand: 20, forms: more, bound: 1_000_000n },
  { operators: 3, applications: 6, maxOperand: 20, forms: all, bound: 10n ** 9n },
  { operators: 4, applications: 10, maxOperand: 20, forms: all, bound: 10n ** 9n },
  { operators: 5, applications: 18, maxOperand: 50, forms: all, bound: 10n ** 12n },
  { operators: 6, applications: 32, maxOperand: 99, forms: all, bound: 10n ** 12n },
  { operators: 6, applications: 64, maxOperand: 99, forms: all, bound: 10n ** 15n },
]

const maxLength = 2_000

function ask({ operators, expression }: NewOperator): string {
  return [
    operators.length === 1
      ? 'A new operator is defined for numbers a and b:'
      : 'New operators are defined for numbers a and b:',
    ...operators.map(({ symbol, formula }) => `a ${symbol} b = ${formula}`),
    'In the definitions + - * / have their usual meaning and precedence and / is exact division; max(x, y) is the larger and min(x, y) the smaller of two numbers, abs(x) is x without its sign.',
    `Evaluate: ${expression}`,
    'The new operators all have the same rank and are applied from left to right; what stands in parentheses is evaluated first.',
    answerFormat(
      'Give the exact value as a whole number or a fraction p/q, or as a decimal number with at least six digits after the point.',
      '-1000003/7',
    ),
  ].join('\n')
}

const formulasOf = ({ operators }: NewOperator) =>
  new Map(operators.map(({ symbol, formula }) => [symbol, parseFormula(formula)!]))

const treeOf = ({ operators, expression }: NewOperator) =>
  parseInvented(
    expression,
    operators.map(({ symbol }) => symbol),
  )

/** The puzzle if it can be evaluated at all. */
function sound(puzzle: NewOperator): NewOperator | null {
  if (puzzle.operators.length === 0 || puzzle.operators.some(({ formula }) => parseFormula(formula) === null))
    return null
  return exactValue(puzzle) === null ? null : puzzle
}

function exactValue(puzzle: NewOperator): Rational | null {
  const tree = treeOf(puzzle)
  return tree && valueOfInvented(tree, formulasOf(puzzle))
}

/** A number as answered: its value, and whether it was written as a decimal, which may be rounded. */
type Given = { readonly value: Rational; readonly decimal: boolean } | { readonly why: string }

const grouped = /(?<![\d.,])[0-9]{1,3}(?:[,_][0-9]{3})+(?![\d,])/g

function readNumber(side: string): Given {
  let text = unquoted(unbracketed(unquoted(side)) ?? side)
    .replace(/[−–﹣－]/g, '-')
    .replace(/^([+-]?)\s*\\[dt]?frac\s*\{\s*([+-]?\d+)\s*\}\s*\{\s*(\d+)\s*\}$/, '$1$2/$3')
    .replace(/[⁄∕÷]/g, '/')
    .replace(/^([+-])\s+/, '$1')
  text = (unbracketed(text) ?? text).replace(grouped, number => number.replace(/[,_]/g, ''))
  const fraction = /^([+-]?[0-9]+)\s*\/\s*([+-]?[0-9]+)$/.exec(text)
  if (fraction) {
    const value = rational(BigInt(fraction[1]!), BigInt(fraction[2]!))
    return value ? { value, decimal: false } : { why: `${quote(text)} divides by zero` }
  }
  const number = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?$/.exec(text)
  if (!number || (number[2] === '' && !number[3])) return { why: `${quote(side)} is not a number` }
  const decimals = number[3] ?? ''
  const exponent = Number(number[4] ?? 0) - decimals.length
  if (Math.abs(exponent) > 3_000) return { why: `${quote(side)} is out of range` }
  const digits = BigInt(`${number[2]}${decimals}`) * (number[1] === '-' ? -1n : 1n)
  const value = exponent < 0 ? rational(digits, 10n ** BigInt(-exponent)) : rational(digits * 10n ** BigInt(exponent))
  return { value: value!, decimal: true }
}

/** Decimals may be off by so much: 1/1000000. */
const tolerance = 1_000_000n

function isRight(given: { readonly value: Rational; readonly decimal: boolean }, truth: Rational): boolean {
  if (!given.decimal) return equal(given.value, truth)
  const difference = given.value.num * truth.den - truth.num * given.value.den
  const size = difference < 0n ? -difference : difference
  return size * tolerance <= given.value.den * truth.den
}

function judge(truth: Rational, answer: string): Verdict {
  const text = undressed(answer, maxLength)
  if (text === null) return malformed(`longer than ${maxLength} characters`)
  // `11/6 = 1.833333`: every side that is a number has to be right, the last one has to be a number.
  const sides = text.split(/[=≈]/).map(side => side.trim())
  for (const [i, side] of sides.entries()) {
    const given = readNumber(side)
    if ('why' in given) {
      if (i < sides.length - 1) continue
      return malformed(given.why)
    }
    if (!isRight(given, truth)) {
      const near = given.decimal && truth.den !== 1n ? '; a decimal needs six digits after the point' : ''
      return incorrect(`the value is not ${quote(side)}${near}`)
    }
  }
  return correct
}

/** The expression read in ways that the question rules out, for answers that look right. */
function misread(puzzle: NewOperator): Rational[] {
  const tree = treeOf(puzzle)
  const formulas = formulasOf(puzzle)
  if (!tree || tree.kind === 'number') return []
  const evaluate = (node: Invented) => valueOfInvented(node, formulas)
  const swap = (node: Invented): Invented =>
    node.kind === 'number' ? node : { ...node, left: swap(node.right), right: swap(node.left) }
  const rightFirst = parseInvented(mirrored(puzzle.expression), [...formulas.keys()])
  const flipped = { ...tree, left: tree.right, right: tree.left }
  const [left, right] = [evaluate(tree.left), evaluate(tree.right)]
  const otherOperators = [...formulas.values()].map(formula => left && right && valueOfFormula(formula, left, right))
  // Read from the right: mirror the text, evaluate from the left, with the operands exchanged again.
  const fromRight = rightFirst && evaluate(swap(rightFirst))
  return [fromRight, evaluate(flipped), left, right, evaluate(swap(tree)), ...otherOperators].filter(
    value => value !== null,
  )
}

const mirrored = (expression: string) =>
  (expression.match(/\d+|\S/g) ?? [])
    .reverse()
    .map(token => (token === '(' ? ')' : token === ')' ? '(' : token))
    .join(' ')

export default defineTask<NewOperator>({
  slug: 'new-operator',
  title: 'New Operator',
  split: 'seen',
  version: 1,
  about: 'Evaluate an expression in invented operators exactly.',
  levels: ladder.map(({ operators, applications, instances }) => ({
    knob: `${operators} operator${operators === 1 ? '' : 's'} applied ${applications} times`,
    ...(instances ? { instances } : {}),
  })),
  generate: (rng, level) => drawOperators(rng, ladder[level - 1]!),
  ask,
  read: readBack(ask, prompt => {
    const head = /operators? (?:is|are) defined for numbers a and b:\n((?:a [#@$&%~] b = [^\n]{1,80}\n){1,6})/.exec(
      prompt,
    )
    const expression = /\nEvaluate: ([0-9#@$&%~() ]{1,4000})\n/.exec(prompt)
    if (!head || !expression) return null
    const operators = [...head[1]!.matchAll(/a (\S) b = (.*)\n/g)].map(([, symbol, formula]) => ({
      symbol: symbol!,
      formula: formula!,
    }))
    return sound({ operators, expression: expression[1]! })
  }),
  verify(puzzle, answer) {
    const truth = exactValue(puzzle)
    return truth ? judge(truth, answer) : { verdict: 'unscored', why: 'the expression has no value' }
  },
  solve(puzzle) {
    const value = exactValue(puzzle)
    if (value === null) throw new Error(`new-operator: ${puzzle.expression} has no value`)
    return showRational(value)
  },
  pythonData: ({ operators, expression }) => ({
    OPERATORS: Object.fromEntries(operators.map(({ symbol, formula }) => [symbol, formula])),
    EXPRESSION: expression,
  }),
  nearMisses(puzzle, rng) {
    const { num, den } = exactValue(puzzle)!
    const off = BigInt(rng.int(2, 9))
    const close = [
      [num + den, den],
      [num - den, den],
      [-num, den],
      [num, den + 1n],
      [num * 2n, den],
      [num + off * den, den],
      [num - off * den, den],
      [num * 10n, den],
      [num, den * 2n],
      [num + 1n, den],
    ].map(([p, q]) => rational(p!, q!)!)
    return onlyWrong(
      text => this.verify(puzzle, text),
      [...misread(puzzle), ...close].map(value => showRational(value)),
    )
  },
  identity(puzzle) {
    const names: string[] = []
    const describe = (node: Invented | null): unknown => {
      if (node === null) return null
      if (node.kind === 'number') return Number(node.value)
      const [left, right] = [describe(node.left), describe(node.right)]
      if (!names.includes(node.symbol)) names.push(node.symbol)
      return [names.indexOf(node.symbol), left, right]
    }
    const tree = describe(treeOf(puzzle))
    return [tree, names.map(name => puzzle.operators.find(({ symbol }) => symbol === name)?.formula ?? null)]
  },
  effort: ({ expression }) => expression.match(/[#@$&%~]/g)?.length ?? 0,
  fromPublished(sample) {
    const definitions = (sample.solution as { readonly operator_definitions?: unknown } | null)?.operator_definitions
    const expression = /^Calculate (.+)\.$/m.exec(sample.question ?? '')?.[1]
    if (typeof definitions !== 'object' || definitions === null || expression === undefined) return null
    const operators = Object.entries(definitions).map(([symbol, formula]) => ({ symbol, formula: String(formula) }))
    return sound({ operators, expression })
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return typeof key === 'number' ? String(key) : null
  },
})
