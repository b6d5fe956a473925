import { isRight, meanOfChildren, type ScoreKind } from '../score.ts'
import type { TreeNode } from '../tree.ts'

/** What a right answer is worth before the turns are taken off; the published number. */
export const rightIsWorth = 15

/**
 * The published score (paper, section 4.3; steering-loop, sections 11 and 13): a final decision at turn i is worth 15 - i when
 * the answer is right and -i when it is wrong, every other one the mean of its children.
 */
const published: ScoreKind = {
  name: 'published',
  about: 'as in the paper: 15 - i for a right end at turn i, -i for a wrong one, else the mean of the children',
  argument: null,
  open: () => ({ name: 'published', score: tree => meanOfChildren(tree, leafScore) }),
}

export default published

/** The published score of a leaf; null when it could not be judged. */
export function leafScore(leaf: TreeNode): number | null {
  const right = isRight(leaf)
  return right === null ? null : (right ? rightIsWorth : 0) - leaf.turn
}
