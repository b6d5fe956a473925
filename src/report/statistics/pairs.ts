/** What one method did on one instance, once. `correct` is null where the verdict is `unscored`: our failure, no zero. */
export interface Outcome {
  readonly task: string
  /** What makes it the same question for two methods, e.g. `<level>/<seed>`. */
  readonly instance: string
  /** Repetition of the same question; 0 where there is one only. */
  readonly trial?: number
  readonly correct: boolean | null
}

/** The same instance and trial, by both methods. */
export interface Pair {
  readonly task: string
  readonly instance: string
  readonly a: boolean
  readonly b: boolean
}

export interface Paired {
  readonly pairs: readonly Pair[]
  /** Pairs left out because at least one side is unscored. */
  readonly unscored: number
  /** Outcomes that the other method has no counterpart for. */
  readonly unpaired: { readonly a: number; readonly b: number }
}

const keyOf = (outcome: Outcome) => JSON.stringify([outcome.task, outcome.instance, outcome.trial ?? 0])

/**
 * Puts the outcomes of two methods side by side by (task, instance, trial). What is unscored on either side is left out of
 * the pairs and counted, as is what one side lacks. Pairs are sorted, so that nothing seeded that follows depends on the
 * order in which a run finished. Throws a RangeError when a method has the same key twice.
 */
export function pairOutcomes(a: readonly Outcome[], b: readonly Outcome[]): Paired {
  const ofB = byKey(b)
  const ofA = byKey(a)
  const pairs: Pair[] = []
  let [unscored, onlyA] = [0, 0]
  for (const key of [...ofA.keys()].sort()) {
    const one = ofA.get(key)!
    const other = ofB.get(key)
    if (other === undefined) onlyA++
    else if (one.correct === null || other.correct === null) unscored++
    else pairs.push({ task: one.task, instance: one.instance, a: one.correct, b: other.correct })
  }
  return { pairs, unscored, unpaired: { a: onlyA, b: ofB.size - (ofA.size - onlyA) } }
}

function byKey(outcomes: readonly Outcome[]): Map<string, Outcome> {
  const map = new Map(outcomes.map(outcome => [keyOf(outcome), outcome]))
  if (map.size < outcomes.length) throw new RangeError('pairing: a method has two outcomes of one instance and trial')
  return map
}

/** Pairs on which exactly one of the two was right. */
export function discordant(pairs: readonly Pair[]): { readonly onlyA: number; readonly onlyB: number } {
  return {
    onlyA: pairs.filter(pair => pair.a && !pair.b).length,
    onlyB: pairs.filter(pair => pair.b && !pair.a).length,
  }
}

/**
 * The difference A minus B by task, and within it by instance (the mean over its trials, so that repetitions of a question
 * travel together when instances are drawn), in points: 100 where A alone was right.
 */
export function differencesByTask(pairs: readonly Pair[]): Map<string, number[]> {
  const tasks = new Map<string, Map<string, number[]>>()
  for (const pair of pairs) {
    const instances = tasks.get(pair.task) ?? new Map<string, number[]>()
    tasks.set(pair.task, instances)
    const trials = instances.get(pair.instance) ?? []
    instances.set(pair.instance, trials)
    trials.push(100 * (Number(pair.a) - Number(pair.b)))
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return new Map([...tasks].map(([task, instances]) => [task, [...instances.values()].map(mean)]))
}
