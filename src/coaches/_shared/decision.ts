import { z } from 'zod'
import { lastMarked } from '../../answer.ts'
import { type Guidance, isFinish } from '../../coach.ts'
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
 * words do not say which; `<<<Code: …>>>` and `<<<Text: …>>>` say it in front.
 */
export function readDecision(raw: string, fallback: 'text' | 'code'): Guidance {
  return withWayInFront(raw) ?? fromJson(raw) ?? fromWords(raw, fallback)
}

/**
 * A decision as the words of a fine-tuned coach: the training form, which `readDecision` reads back to the same action and
 * prompt whatever the fallback is. The standing prompt of a way is its token alone; guidance whose words would be taken
 * for something else says its way in front. Who decided, a model or a rule, makes no difference.
 */
export function completionOf(guidance: Guidance): string {
  if (isFinish(guidance)) return guidance.action === 'return' ? '<<<Return Answer>>>' : '<<<Terminate>>>'
  const { action } = guidance
  const way = action === 'code' ? 'Code' : 'Text'
  const prompt = guidance.prompt.trim()
  if (prompt === '' || prompt === defaultPrompt(action)) return `<<<${way}>>>`
  const plain = `<<<${prompt}>>>`
  const isRead = (fallback: 'text' | 'code') => {
    const read = readDecision(plain, fallback)
    return read.action === action && 'prompt' in read && read.prompt === prompt
  }
  return isRead('text') && isRead('code') ? plain : `<<<${way}: ${prompt}>>>`
}

function withWayInFront(raw: string): Guidance | null {
  const found = /^<<<\s*(code|text):\s*([\s\S]*\S)\s*>>>$/i.exec(raw.trim())
  if (!found) return null
  const action = found[1]!.toLowerCase() as 'code' | 'text'
  return { action, prompt: found[2]!, reason: 'the coach gave guidance', raw }
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
  const said = markedGuidance(raw) ?? raw.trim()
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

/**
 * The last marked passage of a reply. Guidance speaks of the markers itself ("print it between <<< and >>>"): a pair within
 * the passage does not cut it short, and such a pair alone marks nothing.
 */
function markedGuidance(text: string): string | null {
  const marks = [...text.matchAll(/<<<|>>>/g)]
  let at = marks.findLastIndex(([mark]) => mark === '>>>')
  if (at < 0) return null
  const end = marks[at]!.index
  for (let depth = 0; at >= 0; at--) {
    depth += marks[at]![0] === '>>>' ? 1 : -1
    if (depth === 0) break
  }
  const marked = at < 0 ? lastMarked(text) : text.slice(marks[at]!.index + 3, end).trim() || null
  return marked === 'and' ? null : marked
}

/** Whether a guidance asks for a program or for words; null when it says neither or both. */
export function wayOf(guidance: string): 'text' | 'code' | null {
  const noCode = /\b(without|no|not|avoid|don't|do not)\b[^.]{0,30}\b(code|program|python)/i.test(guidance)
  const code = !noCode && /\b(code|program|python|script|implement)\b/i.test(guidance)
  const text = noCode || /\b(reason(ing)?|think|step by step|in words|textual)\b/i.test(guidance)
  return code === text ? (code ? 'code' : null) : code ? 'code' : 'text'
}

const defaultPrompt = (way: 'text' | 'code') => prompts[way === 'code' ? 'task-code' : 'task-text']
