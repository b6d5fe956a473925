import { isRight, meanOfChildren, numberBehind, type ScoreKind } from '../score.ts'
import { rightIsWorth } from './published.ts'

/** Points taken off for every 1,000 tokens of a path; about what a turn of the simulated apprentice uses. */
const defaultPrice = 1

/**
 * The published score with what a path really used in place of its number of turns: 15 for a right answer, 0 for a wrong
 * one, less a price for every 1,000 tokens of all roles from the first decision to the leaf. A long program that needs no
 * second turn is so not dearer than it is. Not in the paper.
 */
const costAware: ScoreKind = {
  name: 'cost-aware',
  about:
    'tokens in place of turns: 15 for a right end, 0 for a wrong one, less a price for every 1,000 tokens of the path',
  argument: 'points for 1,000 tokens',
  open(argument) {
    const price = numberBehind('cost-aware', argument, defaultPrice)
    return {
      name: `cost-aware:${price}`,
      score: tree =>
        meanOfChildren(tree, (leaf, before) => {
          const right = isRight(leaf)
          if (right === null) return null
          const tokens = [...before, leaf].reduce((sum, node) => sum + node.tokens, 0)
          return (right ? rightIsWorth : 0) - (price * tokens) / 1_000
        }),
    }
  },
}

export default costAware
