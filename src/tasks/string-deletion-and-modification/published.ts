import type { PublishedSample } from '../../task.ts'
import type { Rewriting } from './generator.ts'
import type { MatchRule, Rule } from './rewrite.ts'

type Effect = Partial<Pick<MatchRule, 'at' | 'put' | 'front' | 'back' | 'dropLast'>>

/** The twenty published rules by place and the letters they look for; their wording varies, their meaning does not. */
const pool: Readonly<Record<string, Effect>> = {
  'start ab': { put: 'ca' },
  'start bc': { back: 'aa' },
  'start cb': { put: 'aa', dropLast: true },
  'start ca': { put: 'bb', back: 'c' },
  'start aa': { put: 'a' },
  'start cc': {},
  'start bb': { put: 'b' },
  'start ac': { put: 'zz' },
  'end ac': { put: 'cb' },
  'end bb': {},
  'end cc': { put: 'b', front: 'a' },
  'end ba': { put: 'ab' },
  'end ca': { put: 'c' },
  'end aa': { put: 'cc' },
  'anywhere abc': { put: 'cab' },
  'anywhere bca': {},
  'anywhere acb': { put: 'bca' },
  'anywhere ca': { at: 'inside' },
}

/** One published rule sentence, or null when it is none of the twenty. */
export function publishedRule(sentence: string): Rule | null {
  if (sentence.length > 400) return null
  if (/\beven number\b/.test(sentence)) return { kind: 'even', letter: 'b', back: 'ab' }
  if (/\blength\b/.test(sentence)) return { kind: 'longer', limit: 15 }
  const anchor = /\b(prefix|starts with|suffix|ends with|contains)\b/.exec(sentence)?.[1]
  const what = /['"]([a-z]+)['"]/.exec(sentence)?.[1]
  if (anchor === undefined || what === undefined) return null
  const at = /^(?:prefix|starts)/.test(anchor) ? 'start' : anchor === 'contains' ? 'anywhere' : 'end'
  const effect = Object.hasOwn(pool, `${at} ${what}`) ? pool[`${at} ${what}`] : undefined
  return effect ? { kind: 'match', at, what, put: '', front: '', back: '', dropLast: false, ...effect } : null
}

/** The string and its rules from the question, else from what is stored beside it. */
export function publishedRewriting({ question, solution }: PublishedSample): Rewriting | null {
  const stored = solution as { readonly initial_string?: unknown; readonly selected_rules?: unknown } | null
  const said = typeof question === 'string' ? question.slice(0, 20_000) : ''
  const text = /For the string "([a-z]+)"/.exec(said)?.[1] ?? stored?.initial_string
  const listed = [...said.matchAll(/^\d{1,2}\. (.+)$/gm)].map(line => line[1]!)
  const sentences: unknown = listed.length > 0 ? listed : stored?.selected_rules
  if (typeof text !== 'string' || !/^[a-z]+$/.test(text) || !Array.isArray(sentences) || sentences.length === 0)
    return null
  const rules = sentences.map(sentence => (typeof sentence === 'string' ? publishedRule(sentence) : null))
  return rules.includes(null) ? null : { text, rules: rules as Rule[] }
}
