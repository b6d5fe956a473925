import type { Rng } from '../../util/rng.ts'
import { exhausting, type Rule, rewrite, roundRobin, type Step } from './rewrite.ts'

/** A string and the rules that rewrite it, first rule first. */
export interface Rewriting {
  readonly text: string
  readonly rules: readonly Rule[]
}

export interface Rung {
  readonly letters: string
  readonly rules: number
  readonly length: readonly [from: number, to: number]
  readonly steps: readonly [from: number, to: number]
}

const word = (rng: Rng, letters: string, length: number) =>
  Array.from({ length }, () => letters[rng.int(0, letters.length - 1)]).join('')

/** What a rule looks for is replaced by something else of at most its length, so that most runs end. */
function replacement(rng: Rng, letters: string, what: string): string {
  for (;;) {
    const put = rng.chance(0.55)
      ? rng.shuffle([...what]).join('')
      : word(rng, letters, rng.int(rng.chance(0.5) ? what.length - 1 : 0, what.length))
    if (put !== what) return put
  }
}

function drawRule(rng: Rng, { letters, length }: Rung): Rule {
  const plain = { kind: 'match', front: '', back: '', dropLast: false } as const
  const dice = rng.int(1, 100)
  if (dice <= 3) return { kind: 'even', letter: word(rng, letters, 1), back: word(rng, letters, 2) }
  if (dice <= 6) return { kind: 'longer', limit: rng.int(Math.ceil(length[0] / 2), length[1]) }
  if (dice <= 50) {
    const what = word(rng, letters, rng.pick([2, 3, 3, 3, 4]))
    return { ...plain, at: rng.chance(0.2) ? 'inside' : 'anywhere', what, put: replacement(rng, letters, what) }
  }
  const what = word(rng, letters, rng.pick([2, 2, 3]))
  const at = dice <= 75 ? 'start' : 'end'
  const rule = { ...plain, at, what, put: rng.chance(0.4) ? '' : replacement(rng, letters, what) } as const
  // Letters taken away at one end and put down at the other carry the work through the whole string.
  const carried = word(rng, letters, rng.int(1, what.length))
  if (rng.chance(0.25)) return rule
  if (rng.chance(0.15)) return at === 'start' ? { ...rule, dropLast: true } : { ...rule, front: carried }
  return at === 'start' ? { ...rule, back: carried } : { ...rule, front: carried }
}

/** Longest string on the way, as a multiple of the first one; keeps the state readable. */
const growth = 2

/** A rule replaced by another this often in vain, and the draw begins anew. */
const patience = 60

/** How often each rule is applied. */
function usesOf(steps: readonly Step[], rules: number): number[] {
  const uses = Array<number>(rules).fill(0)
  for (const { rule } of steps) uses[rule]! += 1
  return uses
}

/** How far a run is on its way to being worth asking: its steps, of which one rule alone may do 60 %, and rules in use. */
function worth(steps: readonly Step[], { rules, steps: [from] }: Rung): number {
  const uses = usesOf(steps, rules)
  const work = Math.min(steps.length, (steps.length - Math.max(...uses)) * 2.5)
  return Math.min(work / from, 1) + Math.min(uses.filter(count => count > 0).length / neededRules(rules), 1)
}
const neededRules = (rules: number) => Math.min(8, rules / 2)
const enough = 2

/** Something must be left over, and the order in which rules are tried must matter. */
function fits({ text, rules }: Rewriting, steps: readonly Step[], { steps: [, to] }: Rung, level: number): boolean {
  const final = steps.at(-1)!.text
  if (final.length < 4 || new Set(final).size < 2 || final === text) return false
  return level === 1 || (roundRobin(text, rules, to * 2) !== final && exhausting(text, rules, to * 2) !== final)
}

const looksFor = (rule: Rule) => (rule.kind === 'match' ? `${rule.at} ${rule.what}` : rule.kind)

/** Draws rules, then replaces them one by one while that makes a longer run; the run is known to end because it was done. */
export function generateRewriting(rng: Rng, rung: Rung, level: number): Rewriting {
  for (;;) {
    const text = word(rng, rung.letters, rng.int(rung.length[0], rung.length[1]))
    let rules: readonly Rule[] = Array.from({ length: rung.rules }, () => drawRule(rng, rung))
    let best = 0
    for (let vain = 0; vain < patience; vain++) {
      const at = rng.int(0, rules.length - 1)
      const fresh = drawRule(rng, rung)
      if (rules.some(rule => looksFor(rule) === looksFor(fresh))) continue
      const changed = rules.with(at, fresh)
      const steps = rewrite(text, changed, rung.steps[1], text.length * growth)
      if (steps === null || steps.length === 0) continue
      const now = worth(steps, rung)
      if (now < best) continue
      if (now > best) vain = 0
      ;[rules, best] = [changed, now]
      if (now < enough || new Set(rules.map(looksFor)).size < rules.length) continue
      if (fits({ text, rules }, steps, rung, level)) return { text, rules }
    }
  }
}
