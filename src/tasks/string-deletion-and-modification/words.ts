import type { MatchRule, Rule } from './rewrite.ts'

const conditions = {
  start: 'starts with',
  end: 'ends with',
  anywhere: 'contains',
  inside: 'contains, at its second letter or later,',
} as const
const whose = { start: 'that', end: 'that', anywhere: 'the leftmost', inside: 'the leftmost such' } as const

/** A rule in words, without the period. */
export function tellRule(rule: Rule): string {
  if (rule.kind === 'longer') return `if the string has more than ${rule.limit} letters, delete its middle letter`
  if (rule.kind === 'even') {
    return `if the string holds an even number of the letter "${rule.letter}" and at least two, append "${rule.back}" at the end`
  }
  const { at, what, put, front, back, dropLast } = rule
  return [
    `if the string ${conditions[at]} "${what}", ${put === '' ? 'delete' : 'replace'} ${whose[at]} "${what}"${put === '' ? '' : ` by "${put}"`}`,
    ...(front === '' ? [] : [`put "${front}" in front of the string`]),
    ...(back === '' ? [] : [`append "${back}" at the end`]),
    ...(dropLast ? ['delete the last letter'] : []),
  ].join(', then ')
}

const letters = '"([a-z]{1,40})"'
const match = new RegExp(
  `^if the string (${Object.values(conditions).join('|')}) ${letters}, (?:delete|replace) (?:that|the leftmost|the leftmost such) ${letters}(?: by ${letters})?((?:, then [a-z" ]{1,80})*)$`,
)
const even = new RegExp(
  `^if the string holds an even number of the letter "([a-z])" and [a-z ]{1,20}, append ${letters} at`,
)
const longer = /^if the string has more than ([0-9]{1,6}) letters, /

/** The rule that `tellRule` tells so, or null; what was said otherwise shows when it is told again. */
export function untellRule(text: string): Rule | null {
  if (text.length > 600) return null
  const [limit, paired, found] = [longer.exec(text), even.exec(text), match.exec(text)]
  if (limit) return { kind: 'longer', limit: Number(limit[1]) }
  if (paired) return { kind: 'even', letter: paired[1]!, back: paired[2]! }
  if (!found) return null
  const at = (Object.keys(conditions) as MatchRule['at'][]).find(key => conditions[key] === found[1])!
  const more = found[5]!
  return {
    kind: 'match',
    at,
    what: found[2]!,
    put: found[4] ?? '',
    front: /, then put "([a-z]+)"/.exec(more)?.[1] ?? '',
    back: /, then append "([a-z]+)"/.exec(more)?.[1] ?? '',
    dropLast: more.includes(', then delete the last letter'),
  }
}
