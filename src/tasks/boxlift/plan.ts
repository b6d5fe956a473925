import type { Parsed } from '../_shared/expression.ts'
import { type Literal, literalAt } from '../_shared/literal.ts'
import type { Lift, Plan } from './solver.ts'

/** `Step 3:` in the spellings people use; the number is not looked at. */
const label = /[\s*#_-]*\bsteps?\b[^[\](){}:\n]{0,20}:?[\s*_]*/iy
/** A heading such as `Plan:`, `Answer:` or `Steps:` before the first step: one short line without brackets. */
const heading = /^(?!\W{0,4}step\s*\d)[^[\](){}\n]{1,60}:[\s*]{0,40}(?=[#_-]{0,4}\s?step)/i
/** What may stand between two steps, and at the very end. */
const between = /[\s,;.*_]*/y

/** One line per step: `Step 1: [(7, [1, 2]), (5, [0])]`. */
export function showPlan(plan: Plan): string {
  const lift = ({ weight, lifters }: Lift) => `(${weight}, [${lifters.join(', ')}])`
  return plan.map((step, i) => `Step ${i + 1}: [${step.map(lift).join(', ')}]`).join('\n')
}

/**
 * Reads a plan: steps named `Step k:`, each a list or tuple of (weight, lifters) pairs in round or square brackets.
 * Lifters may be any whole numbers here; whether they exist is the judge's business.
 */
export function readPlan(text: string): Parsed<Plan> {
  const source = text.replace(heading, '')
  const plan: Lift[][] = []
  let at = 0
  while (at < source.length) {
    label.lastIndex = at
    const found = label.exec(source)
    if (found === null || found[0] === '') {
      const where = plan.length === 0 ? 'at the start' : `after step ${plan.length}`
      return { ok: false, why: `"${source.slice(at, at + 20)}" ${where} where "Step ${plan.length + 1}:" is expected` }
    }
    const step = readStep(source, at + found[0].length)
    if (!step.ok) return { ok: false, why: `step ${plan.length + 1}: ${step.why}` }
    plan.push(step.value.lifts)
    between.lastIndex = step.value.end
    at = step.value.end + (between.exec(source)?.[0].length ?? 0)
  }
  return plan.length > 0 ? { ok: true, value: plan } : { ok: false, why: 'no plan' }
}

function readStep(text: string, from: number): Parsed<{ readonly lifts: Lift[]; readonly end: number }> {
  const first = literalAt(text, from)
  if (!first.ok) return first
  let { literal, end } = first.value
  // Pairs without a list around them: `Step 1: (7, [1, 2]), (5, [0])`.
  if (literal.kind === 'tuple' && readLift(literal) !== null) {
    const items: Literal[] = [literal]
    for (;;) {
      const comma = /[\s,;]*(?=[([])/y
      comma.lastIndex = end
      const gap = comma.exec(text)
      const next = gap && literalAt(text, end + gap[0].length)
      if (!next) break
      if (!next.ok) return next
      items.push(next.value.literal)
      end = next.value.end
    }
    literal = { kind: 'list', items }
  }
  if (literal.kind !== 'list' && literal.kind !== 'tuple')
    return { ok: false, why: 'not a list of (weight, [lifters])' }
  const lifts: Lift[] = []
  for (const item of literal.items) {
    const lift = readLift(item)
    if (lift === null) return { ok: false, why: `its entry ${lifts.length + 1} is not (weight, [lifters])` }
    lifts.push(lift)
  }
  return { ok: true, value: { lifts, end } }
}

function readLift(literal: Literal): Lift | null {
  if (literal.kind !== 'list' && literal.kind !== 'tuple') return null
  const [weight, group, ...more] = literal.items
  if (weight === undefined || group === undefined || more.length > 0) return null
  if (group.kind !== 'list' && group.kind !== 'tuple') return null
  const numbers = [weight, ...group.items].map(wholeNumber)
  if (!numbers.every(n => n !== null)) return null
  return { weight: numbers[0]!, lifters: numbers.slice(1) }
}

function wholeNumber(literal: Literal): number | null {
  if (literal.kind !== 'number' || !/^[+-]?[0-9]{1,12}(?:\.0{0,12})?$/.test(literal.text)) return null
  return Number(literal.text)
}
