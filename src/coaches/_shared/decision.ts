import { z } from 'zod'
import { lastMarked } from '../../answer.ts'
import type { Guidance } from '../../coach.ts'
import { prompts } from '../../prompts/prompts.ts'

/** The JSON a coach is asked for where its model has structured output. */
export const decisionSchema = z.object({
  decision: z.enum(['code', 'text', 'return', 'terminate']),
  reason: z.string(),
  guidance: z.string(),
})

/**
 * Reads a coach's reply, JSON or words. A loop ends only when the decision is exactly "return answer" or "terminate"
 * (blanks and case apart): guidance that merely contains those words is guidance. `fallback` is the way taken when the
 * words do not say which.
 */
export function readDecision(raw: string, fallback: 'text' | 'code'): Guidance {
  return fromJson(raw) ?? fromWords(raw, fallback)
}

function fromJson(raw: string): Guidance | null {
  const open = raw.indexOf('{')
  const close = raw.lastIndexOf('}')
  if (open < 0 || close < open) return null
  let value: unknown
  try {
    value = JSON.parse(raw.slice(open, close + 1))
  } catch {
    // Not JSON after all: the reply is read as words.
    return null
  }
  const parsed = decisionSchema.partial({ reason: true, guidance: true }).safeParse(value)
  if (!parsed.success) return null
  const { decision, reason = '', guidance = '' } = parsed.data
  if (decision === 'return' || decision === 'terminate') return { action: decision, reason, raw }
  return { action: decision, prompt: guidance.trim() || defaultPrompt(decision), reason, raw }
}

function fromWords(raw: string, fallback: 'text' | 'code'): Guidance {
  const said = lastMarked(raw) ?? raw.trim()
  const token = said
    .toLowerCase()
    .replace(/[\s<>._-]+/g, ' ')
    .trim()
  if (token === 'return answer' || token === 'return')
    return { action: 'return', reason: 'the coach returns the answer', raw }
  if (token === 'terminate') return { action: 'terminate', reason: 'the coach gives up', raw }
  if (token === 'code' || token === 'text')
    return { action: token, prompt: defaultPrompt(token), reason: `the coach chose ${token}`, raw }
  if (said === '') return { action: fallback, prompt: defaultPrompt(fallback), reason: 'the coach said nothing', raw }
  return { action: wayOf(said) ?? fallback, prompt: said, reason: 'the coach gave guidance', raw }
}

/** Whether a guidance asks for a program or for words; null when it says neither or both. */
export function wayOf(guidance: string): 'text' | 'code' | null {
  const noCode = /\b(without|no|not|avoid|don't|do not)\b[^.]{0,30}\b(code|program|python)/i.test(guidance)
  const code = !noCode && /\b(code|program|python|script|implement)\b/i.test(guidance)
  const text = noCode || /\b(reason(ing)?|think|step by step|in words|textual)\b/i.test(guidance)
  return code === text ? (code ? 'code' : null) : code ? 'code' : 'text'
}

const defaultPrompt = (way: 'text' | 'code') => prompts[way === 'code' ? 'task-code' : 'task-text']
