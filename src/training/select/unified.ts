import type { TreeNode } from '../tree.ts'
import { type ChatMessage, plain } from './messages.ts'

/**
 * One model that decides and answers: each of its turns is a decision followed by the answer. The authors name such a model
 * as their next step (paper, section 7); nothing in the published code does it, and the wording is ours.
 */
export const unifiedFirst = `Answer the question below. Begin with how you will go about it, between <<< and >>>: in words, or by a Python program, and what to mind. Then do just that in the same reply. After each reply you are told what your program printed and what two checkers say; then decide again, or write <<<Return Answer>>> when the last answer holds, or <<<Terminate>>> when nothing will help.

Question:
{question}`

/**
 * What a node's turn is in the unified form: the decision, and behind it the answer that followed. Without blanks at its end:
 * Llama 3's chat template drops them, LLaMA-Factory's template of that name learns them.
 */
export const unifiedWords = (node: TreeNode): string =>
  node.reply === null ? node.completion : `${node.completion}\n\n${node.reply}`.trimEnd()

/** The conversation before the last node of a path, in the unified form. */
export function unifiedPrompt(question: string, path: readonly TreeNode[]): ChatMessage[] {
  const messages: ChatMessage[] = [{ role: 'user', content: unifiedFirst.replace('{question}', () => question) }]
  for (const [i, node] of path.slice(0, -1).entries()) {
    messages.push({ role: 'assistant', content: unifiedWords(node) })
    messages.push({ role: 'user', content: told(node, path[i + 1]!) })
  }
  return messages
}

/** The round input of the next decision; the model's own words stand right above it and are not said again. */
function told(node: TreeNode, next: TreeNode): string {
  const last = next.prompt.at(-1)
  const words = last ? plain(last).content : ''
  return node.reply ? words.replace(node.reply, () => '(as above)') : words
}
