import { contentHash } from '../../util/hash.ts'
import { seededRng } from '../../util/rng.ts'
import type { PreferencePair, Tree, TreeNode } from '../tree.ts'
import { type ChatMessage, plain, wentWrong } from './messages.ts'
import { unifiedPrompt, unifiedWords } from './unified.ts'

export interface PairOptions {
  /** The score of a decision; null where nothing below it was judged. */
  readonly scoreOf: (node: TreeNode) => number | null
  /** Scores must differ by more than this (published: 2). */
  readonly minGap: number
  /** At most so many pairs of one question; null for all. */
  readonly maxPerTree: number | null
  readonly unified: boolean
  readonly seed: number
}

/** A pair, with what the two decisions were. */
export interface Preference extends PreferencePair {
  readonly prompt: readonly ChatMessage[]
  readonly chosenAction: string
  readonly rejectedAction: string
}

export interface Preferences {
  readonly pairs: readonly Preference[]
  /** Pairs of siblings that were left out, by the first reason that applied. */
  readonly left: {
    readonly unscored: number
    readonly tie: number
    readonly smallGap: number
    /** Neither has a positive score: learning from these would teach to give up early. */
    readonly nonePositive: number
    /** The better one led to a void turn or to one more failed program. */
    readonly betterWentWrong: number
    /** The coach said the same both times; chance decided. */
    readonly sameWords: number
    readonly overLimit: number
  }
}

/**
 * The preference pairs of a tree (paper, section 4.3): siblings only, so that both were said in the same situation; the
 * scores differ by more than `minGap`, and at least one is positive. Ties say nothing and are dropped.
 */
export function preferencesOf(tree: Tree, options: PairOptions): Preferences {
  const left = { unscored: 0, tie: 0, smallGap: 0, nonePositive: 0, betterWentWrong: 0, sameWords: 0, overLimit: 0 }
  const found: Preference[] = []
  const visit = (siblings: readonly TreeNode[], before: readonly TreeNode[]) => {
    for (const [i, one] of siblings.entries())
      for (const other of siblings.slice(i + 1)) {
        const reason = compare(one, other)
        if (typeof reason === 'string') left[reason]++
        else found.push(pairOf(tree, before, reason, options.unified))
      }
    for (const node of siblings) visit(node.children, [...before, node])
  }
  const compare = (one: TreeNode, other: TreeNode): keyof typeof left | Ranked => {
    const [a, b] = [options.scoreOf(one), options.scoreOf(other)]
    if (a === null || b === null) return 'unscored'
    if (a === b) return 'tie'
    const ranked =
      a > b ? { better: one, worse: other, high: a, low: b } : { better: other, worse: one, high: b, low: a }
    // Sums of thirds and the like: a gap of exactly 2 must not pass for rounding's sake.
    if (ranked.high - ranked.low <= options.minGap + 1e-9) return 'smallGap'
    if (ranked.high <= 0) return 'nonePositive'
    if (wentWrong(ranked.better)) return 'betterWentWrong'
    const words = options.unified ? unifiedWords : (node: TreeNode) => node.completion
    return words(one) === words(other) ? 'sameWords' : ranked
  }
  visit(tree.children, [])
  const limit = options.maxPerTree ?? found.length
  if (found.length <= limit) return { pairs: found, left }
  const kept = seededRng('dpo', options.seed, tree.id).sample(found, limit)
  return { pairs: found.filter(pair => kept.includes(pair)), left: { ...left, overLimit: found.length - limit } }
}

interface Ranked {
  readonly better: TreeNode
  readonly worse: TreeNode
  readonly high: number
  readonly low: number
}

function pairOf(tree: Tree, before: readonly TreeNode[], ranked: Ranked, unified: boolean): Preference {
  const { better, worse, high, low } = ranked
  const prompt = unified ? unifiedPrompt(tree.question.prompt, [...before, better]) : better.prompt.map(plain)
  const words = unified ? unifiedWords : (node: TreeNode) => node.completion
  const [chosen, rejected] = [words(better), words(worse)]
  const { task, level } = tree.question.coordinates
  return {
    id: contentHash({ prompt, chosen, rejected }),
    tree: tree.id,
    task,
    level,
    turn: better.turn,
    prompt,
    chosen,
    rejected,
    chosenScore: high,
    rejectedScore: low,
    chosenAction: better.guidance.action,
    rejectedAction: worse.guidance.action,
  }
}
