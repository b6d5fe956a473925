import { InputError } from '../../../errors.ts'
import { type Balance, balanced } from '../../select/balance.ts'
import { heldOut } from '../../select/split.ts'
import type { Collected, Entry } from './collect.ts'

export interface SettleOptions {
  readonly context: number
  readonly dropLong: boolean
  readonly balance: Balance | null
  readonly validation: number
  readonly seed: number
}

export interface Settled {
  readonly sft: readonly Entry[]
  readonly dpo: readonly Entry[]
  /** Identities of the questions that are held out. */
  readonly validation: ReadonlySet<string>
}

/**
 * Decides what stays: equal rows once, no pair that another one contradicts, nothing longer than the context, groups evened
 * out where that is asked for; then which questions are held out, the same for both kinds. What is left out is counted in
 * `collected.left`. Throws InputError for rows that are too long (unless they are to be dropped).
 */
export function settle(collected: Collected, options: SettleOptions): Settled {
  const { left } = collected
  let sft = once(collected.sft, left.sft)
  let dpo = agreeing(once(collected.dpo, left.dpo), left.dpo)
  const fits = ({ tokens }: Entry) => tokens <= options.context
  const long = [...sft, ...dpo].filter(entry => !fits(entry))
  if (long.length > 0) {
    if (!options.dropLong) throw tooLong(long, options.context)
    left.sft.set('tooLong', sft.filter(entry => !fits(entry)).length)
    left.dpo.set('tooLong', dpo.filter(entry => !fits(entry)).length)
    ;[sft, dpo] = [sft.filter(fits), dpo.filter(fits)]
  }
  if (options.balance) {
    const even = (entries: readonly Entry[], out: Map<string, number>) => {
      const kept = balanced(entries, options.balance!, options.seed).map(i => entries[i]!)
      out.set('balance', entries.length - kept.length)
      return kept
    }
    ;[sft, dpo] = [even(sft, left.sft), even(dpo, left.dpo)]
  }
  const identities = [...sft, ...dpo].map(({ identity }) => identity)
  return { sft, dpo, validation: heldOut(identities, options.validation, options.seed) }
}

function once(entries: readonly Entry[], left: Map<string, number>): Entry[] {
  const seen = new Set<string>()
  const kept = entries.filter(({ id }) => !seen.has(id) && seen.add(id))
  left.set('duplicate', entries.length - kept.length)
  return kept
}

/** Two pairs that prefer opposite sides of the same two answers to the same prompt teach nothing: both go. */
function agreeing(entries: readonly Entry[], left: Map<string, number>): Entry[] {
  const met = new Map<string, number>()
  for (const { pair } of entries) met.set(pair!.sameTwo, (met.get(pair!.sameTwo) ?? 0) + 1)
  const kept = entries.filter(({ pair }) => met.get(pair!.sameTwo) === 1)
  left.set('contradicted', entries.length - kept.length)
  return kept
}

/** The longest first. */
export const byLength = (a: Entry, b: Entry) => b.tokens - a.tokens || (a.id < b.id ? -1 : 1)

function tooLong(long: readonly Entry[], context: number): InputError {
  const lines = [...long]
    .sort(byLength)
    .slice(0, 10)
    .map(
      ({ kind, tokens, task, level, turn, tree, id }) =>
        `${kind} ${id.slice(0, 12)}: ${tokens.toLocaleString('en')} tokens, ${task} level ${level}, ${kind === 'sft' ? `${turn} turns` : `turn ${turn}`}, ${tree}`,
    )
  const more = long.length > lines.length ? `\n  and ${(long.length - lines.length).toLocaleString('en')} more` : ''
  return new InputError(
    `${long.length.toLocaleString('en')} ${long.length === 1 ? 'row is' : 'rows are'} longer than the context of ${context.toLocaleString('en')} tokens; a trainer would cut them silently. The longest:\n  ${lines.join('\n  ')}${more}`,
    'Leave them out with --drop-long, or train a model with a longer context and say so: --context N.',
  )
}
