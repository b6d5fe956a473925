import type { Technique } from './techniques.ts'

/**
 * Points per place and the most that each kind may add. Only places on which the output depends count. A named method
 * is enough for itself; plain computation needs about three operations of weight.
 */
export const weights: Readonly<Record<Technique['kind'], { readonly each: number; readonly most: number }>> = {
  solver: { each: 4, most: 4 },
  search: { each: 2.5, most: 5 },
  'dynamic-programming': { each: 2.5, most: 5 },
  enumeration: { each: 2.25, most: 4.5 },
  recursion: { each: 2, most: 4 },
  simulation: { each: 1.5, most: 3 },
  iteration: { each: 1, most: 1.5 },
  evaluation: { each: 0.75, most: 1.5 },
  exact: { each: 2, most: 2 },
  library: { each: 1.25, most: 2.5 },
  loop: { each: 1, most: 3 },
  condition: { each: 0.5, most: 2 },
  transformation: { each: 0.75, most: 2.25 },
  arithmetic: { each: 0.25, most: 2 },
  logic: { each: 0.25, most: 2.5 },
}

/** The sound score before any cap: a sum over kinds, each limited. Zero for a program that does nothing. */
export function scoreOf(techniques: readonly Technique[]): number {
  const counts = new Map<Technique['kind'], number>()
  for (const technique of techniques) counts.set(technique.kind, (counts.get(technique.kind) ?? 0) + 1)
  let score = 0
  for (const [kind, count] of counts) score += Math.min(weights[kind].most, weights[kind].each * count)
  return score
}
