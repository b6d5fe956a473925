import { InputError } from '../../errors.ts'
import { seededRng } from '../../util/rng.ts'

/** What can be evened out. */
export const balances = ['task', 'level', 'turn'] as const
export type Balance = (typeof balances)[number]

/** What balancing looks at. */
export interface Weighable {
  readonly task: string
  readonly level: number
  /** Of a trajectory: its decisions; of a pair: the turn at which the two part. */
  readonly turn: number
}

/** Reads `--balance`. Throws InputError. */
export function parseBalance(text: string): Balance {
  const found = balances.find(name => name === text)
  if (!found) throw new InputError(`nothing is balanced by "${text}"`, `Balance by one of ${balances.join(', ')}.`)
  return found
}

/**
 * Cuts large groups down to the size of the median group, by a seeded draw; small ones are kept whole. Returns the kept
 * positions in ascending order.
 */
export function balanced(items: readonly Weighable[], by: Balance, seed: number): number[] {
  const groups = new Map<string, number[]>()
  for (const [i, { task, level, turn }] of items.entries()) {
    const key = by === 'task' ? task : by === 'level' ? `${task}/${level}` : String(turn)
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
  }
  const sizes = [...groups.values()].map(group => group.length).sort((a, b) => a - b)
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0
  return [...groups]
    .flatMap(([key, group]) => (group.length <= median ? group : seededRng('balance', seed, key).sample(group, median)))
    .sort((a, b) => a - b)
}
