import { isRight, numberBehind, type ScoreKind, type Scores } from '../score.ts'
import type { Tree, TreeNode } from '../tree.ts'
import { rightIsWorth } from './published.ts'

/** Leaves that are taken as seen beforehand, half of them right: Laplace's two. */
const defaultPrior = 2

/**
 * How likely the answer comes out right once this decision was made, whatever it costs: the share of right leaves below it,
 * with a symmetric Beta prior so that one lucky leaf proves little, on the published scale (15 points between surely wrong and
 * surely right, 0 for even odds). Every leaf counts alike, where the mean of means counts a bushy child no more than a bare
 * one. Not in the paper.
 */
const winProbability: ScoreKind = {
  name: 'win-probability',
  about: 'how likely the answer comes out right below a decision, turns and tokens left out of account',
  argument: 'leaves of the prior',
  open(argument) {
    const prior = numberBehind('win-probability', argument, defaultPrior)
    return { name: `win-probability:${prior}`, score: tree => score(tree, prior) }
  },
}

export default winProbability

function score({ children }: Pick<Tree, 'children'>, prior: number): Scores {
  const scores = new Map<TreeNode, number | null>()
  const visit = (node: TreeNode): { right: number; judged: number } => {
    const counts = { right: 0, judged: 0 }
    const verdict = node.children.length === 0 ? isRight(node) : null
    if (verdict !== null) Object.assign(counts, { right: Number(verdict), judged: 1 })
    for (const child of node.children) {
      const below = visit(child)
      counts.right += below.right
      counts.judged += below.judged
    }
    const { right, judged } = counts
    scores.set(node, judged === 0 ? null : rightIsWorth * ((right + prior / 2) / (judged + prior) - 0.5))
    return counts
  }
  for (const node of children) visit(node)
  return scores
}
