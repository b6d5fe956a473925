import type { ModelMessage } from './model.ts'
import { fill } from './prompts/prompts.ts'
import type { SteerSettings } from './settings.ts'
import { cutToTokens } from './util/cut.ts'

/** The words of a message: its text parts; a part that has none is named in brackets. */
export function wordsOf({ content }: ModelMessage): string {
  if (typeof content === 'string') return content
  return content.map(part => ('text' in part ? part.text : `[${part.type}]`)).join('\n')
}

/**
 * The question as coach and checkers see it: with what was said before it, when it is the last message of a conversation.
 * A long conversation is cut to four times the output budget (head and tail stay).
 */
export async function questionInContext(
  { prompt, history = [] }: { readonly prompt: string; readonly history?: readonly ModelMessage[] },
  settings: Pick<SteerSettings, 'outputTokens'>,
): Promise<string> {
  if (history.length === 0) return prompt
  const words = history.map(message => `${message.role}: ${wordsOf(message)}`).join('\n\n')
  const { text } = await cutToTokens(words, settings.outputTokens * 4)
  return fill('question-in-conversation', { history: text, question: prompt })
}
