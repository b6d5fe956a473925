import { createHash } from 'node:crypto'

/** A text's fingerprint: what a comparison of many texts needs, and no more. */
export interface Fingerprint {
  /** Equal for texts that differ in case, blanks and digits only. */
  readonly normalised: string
  /** One-permutation MinHash of the text's words in fives. */
  readonly signature: Uint32Array
}

const bins = 64
const bands = 16
const perBand = bins / bands
const shingle = 5
const empty = 0xffffffff

/**
 * The fingerprint of a text. The share of equal places in two signatures estimates the Jaccard index of the texts' sets of
 * five consecutive words (Broder 1997; one permutation in bins: Li, Owen, Zhang 2012).
 */
export function fingerprint(text: string): Fingerprint {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu) ?? []
  const hashes = words.map(fnv)
  const signature = new Uint32Array(bins).fill(empty)
  for (let i = 0; i + Math.min(shingle, hashes.length) <= hashes.length && i < hashes.length; i++) {
    let hash = 0
    for (let j = i; j < Math.min(i + shingle, hashes.length); j++) hash = mix(hash, hashes[j]!)
    const bin = hash & (bins - 1)
    const rest = hash >>> 6
    if (rest < signature[bin]!) signature[bin] = rest
  }
  const normalised = createHash('sha256').update(text.toLowerCase().replace(/\s+/g, ' ').replace(/\d+/g, '0')).digest()
  return { normalised: normalised.toString('base64url'), signature }
}

function fnv(word: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Murmur's finish over two numbers. */
function mix(seed: number, value: number): number {
  let hash = Math.imul(seed, 31) ^ value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The estimated Jaccard index of two texts, 0 to 1. */
export function similarity(a: Uint32Array, b: Uint32Array): number {
  let [same, used] = [0, 0]
  for (let i = 0; i < bins; i++) {
    if (a[i] === empty && b[i] === empty) continue
    used++
    if (a[i] === b[i]) same++
  }
  return used === 0 ? 1 : same / used
}

export interface NearItem extends Fingerprint {
  readonly id: string
  readonly task: string
  /** Texts on one question are alike by nature: branches share what came before them. */
  readonly identity: string
  readonly validation: boolean
}

export interface NearReport {
  /** From this estimated Jaccard index on two texts count as near. */
  readonly threshold: number
  readonly texts: number
  /** Texts that have a near twin on another question. */
  readonly near: number
  /** Texts that have one on the same question. */
  readonly nearOfSameQuestion: number
  /** Texts that equal an earlier one but for case, blanks and digits. */
  readonly sameButForDigits: number
  /** Of validation: texts that have a near twin in training. */
  readonly validationNearTraining: number
  readonly validation: number
  readonly byTask: readonly { readonly task: string; readonly texts: number; readonly near: number }[]
  /** The most alike, on different questions. */
  readonly examples: readonly { readonly a: string; readonly b: string; readonly similarity: number }[]
}

const mostInBucket = 60

/**
 * How many texts have a near twin. Candidates come from bands of the signature (16 of 4), so a pair of 0.9 is missed about
 * once in a million times; in a bucket of very many, later texts are compared with its first sixty only.
 */
export function nearReport(items: readonly NearItem[], threshold = 0.9): NearReport {
  const near = new Set<number>()
  const nearOwn = new Set<number>()
  const nearTraining = new Set<number>()
  const examples: { a: string; b: string; similarity: number }[] = []
  const seen = new Map<string, number>()
  let sameButForDigits = 0
  for (const { normalised } of items) {
    const times = seen.get(normalised) ?? 0
    if (times > 0) sameButForDigits++
    seen.set(normalised, times + 1)
  }
  for (let band = 0; band < bands; band++) {
    const buckets = new Map<string, number[]>()
    for (const [i, { signature }] of items.entries()) {
      const key = signature.subarray(band * perBand, (band + 1) * perBand).join()
      const bucket = buckets.get(key)
      if (!bucket) buckets.set(key, [i])
      else {
        for (const j of bucket) compare(i, j)
        if (bucket.length < mostInBucket) bucket.push(i)
      }
    }
  }
  function compare(i: number, j: number): void {
    const [a, b] = [items[i]!, items[j]!]
    const own = a.identity === b.identity
    const crossing = a.validation !== b.validation
    const held = a.validation ? i : j
    const known = own ? nearOwn : near
    if (known.has(i) && known.has(j) && !(crossing && !nearTraining.has(held))) return
    const alike = similarity(a.signature, b.signature)
    if (alike < threshold) return
    known.add(i).add(j)
    if (own) return
    if (crossing) nearTraining.add(held)
    if (examples.length < 500) examples.push({ a: b.id, b: a.id, similarity: Number(alike.toFixed(3)) })
  }
  const tasks = new Map<string, { texts: number; near: number }>()
  for (const [i, { task }] of items.entries()) {
    const of = tasks.get(task) ?? { texts: 0, near: 0 }
    tasks.set(task, { texts: of.texts + 1, near: of.near + (near.has(i) ? 1 : 0) })
  }
  examples.sort((x, y) => y.similarity - x.similarity || (x.a + x.b < y.a + y.b ? -1 : 1))
  return {
    threshold,
    texts: items.length,
    near: near.size,
    nearOfSameQuestion: nearOwn.size,
    sameButForDigits,
    validationNearTraining: nearTraining.size,
    validation: items.filter(item => item.validation).length,
    byTask: [...tasks].map(([task, of]) => ({ task, ...of })).sort((a, b) => (a.task < b.task ? -1 : 1)),
    examples: examples.slice(0, 5),
  }
}
