import { featureNames, featureWeights } from './features.ts'

/** Raised when the same question would give another vector: routers trained before are then refused. */
export const featureVersion = 1

/** Buckets that words and pairs of words are hashed into. */
export const buckets = 256

/** A question as a router sees it: named numbers, and words by bucket. */
export interface QuestionVector {
  /** In the order of `numberNames`, not yet standardised. */
  readonly numbers: readonly number[]
  /** `buckets` long, of length 1 (0 without any word). */
  readonly grams: Float64Array
}

type Measure = (question: string, words: readonly string[]) => number

const count = (pattern: RegExp) => (question: string) => question.match(pattern)?.length ?? 0
const log = (measure: (question: string) => number) => (question: string) => Math.log1p(measure(question))
const longest = (pattern: RegExp) => (question: string) =>
  (question.match(pattern) ?? []).reduce((most, found) => Math.max(most, found.length), 0)
const shareOf = (pattern: RegExp) => (question: string) => count(pattern)(question) / Math.max(1, question.length)

/** Counts grow over orders of magnitude with the level of a task, so their logarithms are taken. */
const measures: Readonly<Record<string, Measure>> = {
  'log characters': log(question => question.length),
  'log words': (_, words) => Math.log1p(words.length),
  'log lines': log(count(/\n/g)),
  'log longest line': log(longest(/[^\n]+/g)),
  'log numbers': log(count(/\d+(\.\d+)?/g)),
  'log longest number': log(longest(/\d+/g)),
  'log decimals': log(count(/\d\.\d/g)),
  'log longest word': log(longest(/[A-Za-z]+/g)),
  'log brackets': log(count(/[[\](){}]/g)),
  'log lines of a grid': log(count(/^[^a-z\n]{5,}$/gm)),
  'log items of a list': log(count(/^[ \t]*([-*•]|\d+[.)]|\([A-Za-z]\))\s/gm)),
  'log conditions': log(
    count(/\b(if|when|unless|must|only|exactly|at least|at most|before|after|between|not|no|each|every)\b/gi),
  ),
  'log operators': log(count(/[-+*/^=<>]/g)),
  'log sentences': log(count(/[.?!](\s|$)/g)),
  'share of digits': shareOf(/\d/g),
  'share of capitals': shareOf(/[A-Z]/g),
  'share of signs': shareOf(/[^\w\s]/g),
  'different words': (_, words) => new Set(words).size / Math.max(1, words.length),
  'mean word length': (_, words) => words.reduce((sum, word) => sum + word.length, 0) / Math.max(1, words.length),
}

/** Names of the numbers: measures of the text, then the features that the rules weigh. */
export const numberNames: readonly string[] = [...Object.keys(measures), ...featureNames.map(name => `rule ${name}`)]

/** Words in lower case; a number counts as one word whatever its digits, so that no question is known by its numbers. */
const wordsOf = (question: string) => (question.toLowerCase().match(/[a-z]+|\d+(\.\d+)?/g) ?? []).map(maskNumber)
const maskNumber = (word: string) => (/^\d/.test(word) ? '0' : word)

/** A question as numbers. Pure, and the same on every machine. */
export function vectorOf(question: string): QuestionVector {
  const words = wordsOf(question)
  const numbers = [...Object.values(measures).map(measure => measure(question, words)), ...featureWeights(question)]
  const grams = new Float64Array(buckets)
  for (const { bucket, value } of gramsOf(question)) grams[bucket]! += value
  return { numbers, grams }
}

/** A word or pair of words of a question, with what it adds to its bucket. */
export interface Gram {
  readonly gram: string
  readonly bucket: number
  readonly value: number
}

/**
 * The single words and pairs of neighbours, hashed with a sign so that words which share a bucket cancel rather than add
 * (Weinberger et al. 2009); a word said ten times counts 1 + log 10; all together have length 1.
 */
export function gramsOf(question: string): Gram[] {
  const words = wordsOf(question)
  const counts = new Map<string, number>()
  for (const [i, word] of words.entries())
    for (const gram of i === 0 ? [word] : [word, `${words[i - 1]} ${word}`])
      counts.set(gram, (counts.get(gram) ?? 0) + 1)
  const grams = [...counts].map(([gram, times]) => {
    const hash = fnv1a(gram)
    return { gram, bucket: (hash >>> 1) % buckets, value: (hash & 1 ? -1 : 1) * (1 + Math.log(times)) }
  })
  const sums = new Float64Array(buckets)
  for (const { bucket, value } of grams) sums[bucket]! += value
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? [] : grams.map(({ gram, bucket, value }) => ({ gram, bucket, value: value / length }))
}

/** 32-bit FNV-1a over UTF-16 code units, with a last stir (MurmurHash3's) since its low bits alone are weak. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
