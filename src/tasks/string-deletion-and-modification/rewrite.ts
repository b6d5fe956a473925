/** Replaces `what` where it stands, then adds letters at the string's ends, then may drop the last letter. */
export interface MatchRule {
  readonly kind: 'match'
  /** `inside`: at any place but the very beginning. Anywhere and inside mean the leftmost such occurrence. */
  readonly at: 'start' | 'end' | 'anywhere' | 'inside'
  readonly what: string
  readonly put: string
  readonly front: string
  readonly back: string
  readonly dropLast: boolean
}

export type Rule =
  | MatchRule
  /** An even number of `letter`, at least two: `back` is appended. */
  | { readonly kind: 'even'; readonly letter: string; readonly back: string }
  /** More than `limit` letters: the one at 0-based index floor(length / 2) is deleted. */
  | { readonly kind: 'longer'; readonly limit: number }

function place(text: string, { at, what }: MatchRule): number {
  if (at === 'start') return text.startsWith(what) ? 0 : -1
  if (at === 'end') return text.endsWith(what) ? text.length - what.length : -1
  return text.indexOf(what, at === 'inside' ? 1 : 0)
}

function countOf(text: string, letter: string): number {
  let count = 0
  for (let at = text.indexOf(letter); at >= 0; at = text.indexOf(letter, at + 1)) count++
  return count
}

/** The string after one application of the rule, or null where it does not apply. */
export function applied(text: string, rule: Rule): string | null {
  if (rule.kind === 'longer') {
    const middle = Math.floor(text.length / 2)
    return text.length > rule.limit ? text.slice(0, middle) + text.slice(middle + 1) : null
  }
  if (rule.kind === 'even') {
    const count = countOf(text, rule.letter)
    return count > 0 && count % 2 === 0 ? text + rule.back : null
  }
  const at = place(text, rule)
  if (at < 0) return null
  const changed = rule.front + text.slice(0, at) + rule.put + text.slice(at + rule.what.length) + rule.back
  return rule.dropLast ? changed.slice(0, -1) : changed
}

/** Which rule was applied (0-based) and what the string was then. */
export interface Step {
  readonly rule: number
  readonly text: string
}

/**
 * Always the first rule that applies, then again from the top of the list, until none applies. Null when that goes round
 * in circles, has not ended after `maxSteps` steps or the string outgrows `maxLength` letters.
 */
export function rewrite(text: string, rules: readonly Rule[], maxSteps: number, maxLength: number): Step[] | null {
  const steps: Step[] = []
  // A circle is found by meeting the string of the last step whose number is a power of two (Brent).
  let milestone = text
  let after = 1
  for (let now = text; ; ) {
    let next: string | null = null
    let used = 0
    for (; used < rules.length; used++) {
      next = applied(now, rules[used]!)
      if (next !== null) break
    }
    if (next === null) return steps
    if (steps.length === maxSteps || next.length > maxLength || next === milestone) return null
    steps.push({ rule: used, text: next })
    if (steps.length === after) {
      milestone = next
      after *= 2
    }
    now = next
  }
}

/** Another reading: the rules are visited in turn, each applied once if it applies. Null when that does not end soon. */
export function roundRobin(text: string, rules: readonly Rule[], maxSteps: number): string | null {
  let now = text
  let idle = 0
  for (let visit = 0, steps = 0; idle < rules.length; visit++) {
    const next = applied(now, rules[visit % rules.length]!)
    idle = next === null ? idle + 1 : 0
    now = next ?? now
    if (next !== null && ++steps > maxSteps) return null
    if (now.length > text.length * 4 + 100) return null
  }
  return now
}

/** Another reading: each rule as often as it applies before the next is tried, pass after pass. */
export function exhausting(text: string, rules: readonly Rule[], maxSteps: number): string | null {
  let now = text
  let steps = 0
  for (let changed = true; changed; ) {
    changed = false
    for (const rule of rules) {
      for (let next = applied(now, rule); next !== null; next = applied(now, rule)) {
        now = next
        changed = true
        if (++steps > maxSteps || now.length > text.length * 4 + 100) return null
      }
    }
  }
  return now
}

/** Another reading: one pass down the list, each rule at most once. */
export const onePass = (text: string, rules: readonly Rule[]): string =>
  rules.reduce((now, rule) => applied(now, rule) ?? now, text)
