import { correct, incorrect, malformed, type Verdict } from '../../task.ts'
import { bare, quote } from './answers.ts'
import { type MathItem, readMath, readScalar } from './math-answer.ts'
import { isMathWord, type MathNode, mathTokens, plainMath, type Token } from './math-text.ts'
import { doubleValue, exactValue, isDecimal, some } from './math-value.ts'
import { approximate, asRational, radicands, type Surd, surd, surdApply, surdEqual } from './surd.ts'

const isClose = (a: number, b: number, relative: number) => a === b || Math.abs(a - b) <= relative * Math.abs(b)

/** Digits behind the point of a bare decimal; a companion of an exact value may be rounded there. */
const decimalsOf = (node: MathNode): number => {
  if (node.kind === 'minus') return decimalsOf(node.of)
  return node.kind === 'number' ? node.decimals : 0
}

const isRounded = (node: MathNode, value: number) => {
  const decimals = decimalsOf(node)
  return decimals > 0 && Math.abs(doubleValue(node) - value) <= 0.51 * 10 ** -decimals
}

/**
 * Judges an answer against an exact value: any exact spelling is right, a rounded decimal is not (it may stand beside
 * an exact one: `6*pi = 18.85`). Only nested roots that do not come out are compared in floating point, to 13 digits.
 */
export function judgeExact(truth: Surd, answer: string): Verdict {
  const read = readScalar(answer)
  if (!read.ok) return malformed(read.why)
  const known = radicands(truth)
  const size = approximate(truth)
  let exact = 0
  for (const node of read.item.nodes) {
    const value = exactValue(node, undefined, known)
    const same = value ? surdEqual(value, truth) : !isDecimal(node) && isClose(doubleValue(node), size, 1e-13)
    if (same) exact++
    else if (!isRounded(node, size)) return incorrect(`${quote(bare(answer))} is not the value asked for`)
  }
  return exact > 0 ? correct : incorrect(`${quote(bare(answer))} is rounded: the exact value is asked for`)
}

const roundingAsked = /\bnearest\b|\bround(?:ed)?\b|decimal place|\btenths?\b|\bhundredths?\b/i
const percentAsked = /percent|%/i

/** The variables of a stored key: short words outside text (those are units), and Greek commands. */
function namesOf(key: string): Set<string> {
  const plain = plainMath(key.replace(/\\(?:text|mbox|mathrm|textrm)\s*\{[^{}]*\}/g, ' '))
  const names = new Set<string>()
  for (const { type, text } of mathTokens(plain.slice(plain.lastIndexOf('=') + 1))) {
    if (type === 'command' && !/^\\(?:frac|sqrt|pi|[dt]?binom|choose)$/.test(text) && !isMathWord(text.slice(1))) {
      names.add(text)
    }
    if (type === 'word' && text.length <= 2 && !isMathWord(text)) {
      for (const letter of text) names.add(letter)
    }
  }
  return names
}

interface Context {
  readonly names: ReadonlySet<string>
  readonly rounding: boolean
  readonly percent: boolean
}

const samplePoints = [
  [7n, 3n],
  [101n, 11n],
  [13n, 29n],
  [1009n, 17n],
] as const

const isPercent = (node: MathNode) => node.kind === 'percent'

/** Whether two expressions over names agree: exactly at four points, or in floating point where they hold functions. */
function sameFunction(key: MathNode, given: MathNode, names: ReadonlySet<string>): boolean {
  return samplePoints.every(([num, den], p) => {
    const points = new Map([...names].map((name, i) => [name, surd(num + BigInt(i * i * (p + 2)), den)]))
    const [a, b] = [exactValue(key, points), exactValue(given, points)]
    if (a && b) return surdEqual(a, b) === true
    const doubles = new Map([...names].map((name, i) => [name, 0.31 + 0.17 * p + 0.073 * i]))
    return isClose(doubleValue(given, doubles), doubleValue(key, doubles), 1e-9)
  })
}

/** Whether a written value is the stored one: exactly, or as a decimal to the digits that the stored kind allows. */
function sameValue(key: MathNode, given: MathNode, context: Context): boolean {
  if (context.names.size > 0) return sameFunction(key, given, context.names)
  const truth = exactValue(key)
  const value = exactValue(given, undefined, truth ? radicands(truth) : [])
  const hundred = surd(100n)
  const truths = truth ? [truth, ...(isPercent(key) ? [surdApply('*', truth, hundred)!] : [])] : []
  const values = value ? [value, ...(isPercent(given) && context.percent ? [surdApply('*', value, hundred)!] : [])] : []
  if (truth && value && truths.some(t => values.some(v => surdEqual(t, v)))) return true
  if (truth && value && !isDecimal(key) && !isDecimal(given)) return false
  const doubles = (of: readonly Surd[], node: MathNode) => (of.length > 0 ? of.map(approximate) : [doubleValue(node)])
  const integer = truth !== null && asRational(truth)?.den === 1n && !isPercent(key)
  const relative = integer ? 1e-12 : isDecimal(given) || isDecimal(key) ? 1e-6 : 1e-12
  const half = context.rounding && isDecimal(key) ? 0.499999 * 10 ** -decimalsOf(key) : 0
  return doubles(truths, key).some(t =>
    doubles(values, given).some(
      v =>
        (isClose(v, t, relative) && (!integer || Math.abs(v - t) < 1e-3)) ||
        (Math.abs(v - t) < half && isClose(v, t, 0.01)),
    ),
  )
}

/** Whether an item of the answer is the item of the key: every spelling given must fit. */
function sameItem(key: MathItem, given: MathItem, context: Context): boolean {
  if (key.name !== null && given.name !== null && key.name.length > 1 && key.name !== given.name) return false
  const fits = given.nodes.map(node => key.nodes.some(truth => sameValue(truth, node, context)))
  const size = context.names.size === 0 ? doubleValue(key.nodes[0]!) : Number.NaN
  return fits.some(Boolean) && given.nodes.every((node, i) => fits[i] || isRounded(node, size))
}

const joined = (tokens: readonly Token[]) => tokens.map(token => token.text).join('')

/** The text without spaces and LaTeX dress, for keys that are no values. */
const canonical = (text: string) =>
  joined(mathTokens(plainMath(text)))
    .replace(/[{}]/g, '')
    .replace(/^\((.*)\)$/, '$1')
    .replace(/\.$/, '')

/** Whether values stand in the same proportion. */
function sameRatio(key: readonly MathItem[], given: readonly MathItem[]): boolean {
  const value = (item: MathItem) => exactValue(item.nodes.at(-1)!)
  const [a, b] = [key.map(value), given.map(value)]
  if (a.length !== b.length || a.some(v => v === null) || b.some(v => v === null)) return false
  const times = (x: Surd, y: Surd) => surdApply('*', x, y)!
  return b.some(v => v!.num.length > 0) && a.every((x, i) => surdEqual(times(x!, b[0]!), times(a[0]!, b[i]!)))
}

/**
 * Judges an answer to a published question by its stored key, a LaTeX text: numbers by exact value (decimals to six
 * digits where the key is not a whole number, at the key's own precision where the question asks to round), lists
 * element by element, sets in any order, ratios by proportion, expressions in variables as functions, the rest as text.
 */
export function judgeStored(key: string, question: string, answer: string): Verdict {
  const text = bare(answer).replace(/^\s*(?:the )?(?:final )?answer(?: is|:| is:)\s+/i, '')
  const names = namesOf(key)
  const given = readMath(text, names)
  if (text.length > 0 && text.length < 400 && canonical(text) === canonical(key)) return correct
  const truth = readMath(key, names)
  const wrong = incorrect(`${quote(text)} is not the answer asked for`)
  if (!truth.ok) return given.ok ? wrong : malformed(given.why)
  const context: Context = { names, rounding: roundingAsked.test(question), percent: percentAsked.test(question) }
  const { kind, bracket, items } = truth.reading
  if (kind === 'list' && items.length === 1 && bracket === '') {
    const scalar = readScalar(text, names)
    if (!scalar.ok) return malformed(scalar.why)
    return sameItem(items[0]!, scalar.item, context) ? correct : wrong
  }
  if (!given.ok) return malformed(given.why)
  const theirs = given.reading
  if (kind === 'ratio') {
    if (theirs.kind === 'ratio') return sameRatio(items, theirs.items) ? correct : wrong
    const asFraction = items.length === 2 && theirs.items.length === 1 ? theirs.items[0]! : null
    const one: MathItem = { name: null, nodes: [{ kind: 'number', value: { num: 1n, den: 1n }, decimals: 0 }] }
    return asFraction && sameRatio(items, [asFraction, one]) ? correct : wrong
  }
  const digits = bracket === '' && theirs.kind === 'list' && theirs.items.length === 1 ? joinedKey(items) : null
  // The published data take `12,9` without brackets for digits as well; one such key exists, both readings stand.
  if (digits !== null && sameItem(digits, theirs.items[0]!, context)) return correct
  if (theirs.kind === 'ratio' || theirs.items.length !== items.length) {
    return incorrect(`${theirs.items.length} values, ${items.length} are asked for`)
  }
  if (bracket === '{') {
    const left = [...theirs.items]
    for (const item of items) {
      const at = left.findIndex(candidate => sameItem(item, candidate, context))
      if (at < 0) return wrong
      left.splice(at, 1)
    }
    return correct
  }
  if (theirs.bracket === '{') return malformed('a set in braces has no order: the order matters here')
  const named = (name: string | null) => theirs.items.find(item => item.name === name)
  const inOrder = items.map((item, i) => (item.name !== null && named(item.name)) || theirs.items[i]!)
  return items.every((item, i) => sameItem(item, inOrder[i]!, context)) ? correct : wrong
}

/** The whole numbers of a list written without a separator, or null. */
function joinedKey(items: readonly MathItem[]): MathItem | null {
  const texts = items.map(({ name, nodes: [node] }) =>
    name === null && node?.kind === 'number' && node.decimals === 0 ? String(node.value.num) : null,
  )
  if (texts.includes(null)) return null
  return { name: null, nodes: [{ kind: 'number', value: { num: BigInt(texts.join('')), den: 1n }, decimals: 0 }] }
}

/** Whether a stored key can be judged as a value at all (for tests and audits). */
export const keyIsValue = (key: string): boolean => readMath(key, namesOf(key)).ok

/**
 * Judges an answer to a published word problem by its stored number. A whole target written as a whole number or
 * fraction must be met exactly, floating-point noise and scientific notation are allowed their last digits; any other
 * target is met within a thousandth.
 */
export function judgeNumber(target: number, question: string, answer: string): Verdict {
  const read = readScalar(answer)
  if (!read.ok) return malformed(read.why)
  const wrong = incorrect(`${quote(bare(answer))} is not the number asked for`)
  for (const node of read.item.nodes) {
    if (some(node, part => part.kind === 'root' && exactValue(part) === null)) return malformed('not a number')
    const value = exactValue(node)
    if (value === null) return malformed(`${quote(bare(answer))} has no value`)
    const numbers = [
      approximate(value),
      ...(isPercent(node) && percentAsked.test(question) ? [approximate(value) * 100] : []),
    ]
    if (!numbers.some(number => meets(target, number, isDecimal(node)))) return wrong
  }
  return correct
}

function meets(target: number, number: number, decimal: boolean): boolean {
  if (number === target) return true
  if (target === 0) return Math.abs(number) <= 1e-9
  if (!Number.isInteger(target)) return Math.abs(number - target) <= 1e-3 * Math.abs(target)
  return decimal && Math.abs(number - target) <= Math.max(1e-6, 1e-10 * Math.abs(target))
}
