import { type Guidance, isFinish } from '../../coach.ts'
import { notices } from '../../loop-safety.ts'
import { fill, prompts } from '../../prompts/prompts.ts'
import type { Trajectory } from '../../trajectory.ts'
import type { Rng } from '../../util/rng.ts'
import { finish, tell } from './guidance.ts'
import { toldBy } from './history.ts'

interface Alternative {
  readonly guidance: Guidance
  /** How likely it is to be tried first, against the others. */
  readonly weight: number
}

/**
 * What a coach without a model could do here other than what it would: the other way, a harder search, returning, and
 * giving up where the loop is stuck. This takes the place of a temperature: the rules always say the same.
 */
export function alternatives(soFar: Trajectory, own: Guidance): Alternative[] {
  const last = soFar.turns.at(-1)
  if (!last)
    return [
      { guidance: own, weight: 3 },
      {
        guidance: openingGuidance(own.action === 'code' ? 'text' : 'code', 'an alternative: the other way'),
        weight: 2,
      },
      { guidance: tell('code', prompts['rules-search-first'], 'an alternative: a search from the start'), weight: 1 },
    ]
  const inCode = last.source !== null || last.guidance.action === 'code'
  const others: Alternative[] = [
    { guidance: otherWay(soFar, 'an alternative: the other way'), weight: 1 },
    { guidance: searchHarder(soFar), weight: inCode ? 1.5 : 0.5 },
  ]
  if (last.answer !== null)
    others.push({ guidance: finish('return', 'an alternative: return what there is'), weight: 1.5 })
  if (soFar.turns.length >= 3 || notices(soFar).length > 0)
    others.push({ guidance: finish('terminate', 'an alternative: give up'), weight: 0.5 })
  const sameEnd = (one: Guidance) => isFinish(own) && one.action === own.action
  return [{ guidance: own, weight: 3 }, ...others.filter(({ guidance }) => !sameEnd(guidance))]
}

/** The standing words of a way. */
export const openingGuidance = (way: 'text' | 'code', reason: string): Guidance =>
  tell(way, prompts[way === 'code' ? 'task-code' : 'task-text'], reason)

/** Text after code and code after text, with what the self-check said as a hint. */
export function otherWay(soFar: Trajectory, reason: string): Guidance {
  const last = soFar.turns.at(-1)!
  const hint = toldBy(last, 'self-answer', 'no check was made').split('\n')[0]!.slice(0, 200)
  if (last.guidance.action === 'code') return tell('text', fill('rules-switch-to-text', { reason: hint }), reason)
  const failed = last.checks.some(({ checker, report }) => checker === 'self-answer' && report.outcome === 'failed')
  const words = failed ? fill('rules-switch-to-code', { reason: hint }) : prompts['rules-confirm-by-code']
  return tell('code', words, reason)
}

function searchHarder(soFar: Trajectory): Guidance {
  const finding = toldBy(soFar.turns.at(-1)!, 'symbolic-code', 'it may not cover every case')
  const words = fill('rules-need-search', { finding: finding.split('\n')[0]!.slice(0, 200) })
  return tell('code', words, 'an alternative: a real search')
}

/** All of them in the order in which they are tried: drawn one after the other by weight, without putting back. */
export function inOrder(some: readonly Alternative[], rng: Rng): Guidance[] {
  const left = [...some]
  const ordered: Guidance[] = []
  while (left.length > 0) {
    let at = rng.real() * left.reduce((sum, { weight }) => sum + weight, 0)
    const chosen = left.findIndex(({ weight }) => (at -= weight) < 0)
    ordered.push(left.splice(chosen < 0 ? left.length - 1 : chosen, 1)[0]!.guidance)
  }
  return ordered
}
