import { InputError } from '../errors.ts'
import { load } from '../registry.ts'
import type { Tree, TreeNode } from './tree.ts'

/**
 * What every decision of a tree is worth, higher being better; null where nothing is known of it, because no leaf below it
 * could be judged. All policies are on the scale of the published one, so that a gap means about the same in each.
 */
export type Scores = ReadonlyMap<TreeNode, number | null>

/** A way of scoring decisions: what a file in `scores/` makes. Pure: the same tree has the same scores. */
export interface ScorePolicy {
  /** As the user names it: `published`, `cost-aware:2`. */
  readonly name: string
  score(tree: Pick<Tree, 'children'>): Scores
}

/** A kind of policy: the default export of a file in `scores/`; the folder's listing is the registry. */
export interface ScoreKind {
  readonly name: string
  readonly about: string
  /** What stands behind the colon; null when nothing does. */
  readonly argument: string | null
  /** Throws InputError for an argument that it cannot take. */
  open(argument: string | null): ScorePolicy
}

/** Opens a policy by its name, e.g. `published` or `cost-aware:2`. Throws InputError with the nearest name. */
export async function openScore(text: string): Promise<ScorePolicy> {
  const [, name = text, argument = null] = /^([^:]*):(.*)$/.exec(text) ?? []
  const kind = await load<ScoreKind>('training/scores', name)
  if (argument !== null && kind.argument === null)
    throw new InputError(`the score ${name} takes nothing behind a colon`, `Write ${name}.`)
  return kind.open(argument)
}

/** A number behind the colon of a policy's name. Throws InputError. */
export function numberBehind(name: string, argument: string | null, fallback: number): number {
  if (argument === null) return fallback
  const value = Number(argument)
  if (argument.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InputError(`"${name}:${argument}" has no number behind the colon`, `For example ${name}:${fallback}.`)
}

/** Whether a leaf can be judged, and how: the verifier's word. */
export function isRight(leaf: TreeNode): boolean | null {
  const verdict = leaf.outcome?.verdict
  return verdict === undefined || verdict === 'unscored' ? null : verdict === 'correct'
}

/** Scores from the leaves up: a leaf by `leaf`, an inner decision the mean of what is known of its children. */
export function meanOfChildren(
  { children }: Pick<Tree, 'children'>,
  leaf: (node: TreeNode, before: readonly TreeNode[]) => number | null,
): Scores {
  const scores = new Map<TreeNode, number | null>()
  const visit = (node: TreeNode, before: readonly TreeNode[]): number | null => {
    const below = node.children.map(child => visit(child, [...before, node])).filter(score => score !== null)
    const score = node.children.length === 0 ? leaf(node, before) : below.length === 0 ? null : mean(below)
    scores.set(node, score)
    return score
  }
  for (const node of children) visit(node, [])
  return scores
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
