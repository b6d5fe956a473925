import type { ModelMessage } from '../../model.ts'
import type { TreeNode } from '../tree.ts'

/** A message of a coach's conversation: plain words. */
export interface ChatMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** A message as plain words. Throws TypeError for roles and parts that a coach's conversation never has. */
export function plain({ role, content }: ModelMessage): ChatMessage {
  if (role !== 'user' && role !== 'assistant') throw new TypeError(`a coach's conversation has no ${role} message`)
  if (typeof content === 'string') return { role, content }
  const words = content.map(part => {
    if (part.type !== 'text') throw new TypeError(`a coach's conversation has no ${part.type} part`)
    return part.text
  })
  return { role, content: words.join('') }
}

/** Every way from the root to a leaf, left to right. */
export function* pathsOf(nodes: readonly TreeNode[], before: readonly TreeNode[] = []): Generator<readonly TreeNode[]> {
  for (const node of nodes) {
    const path = [...before, node]
    if (node.children.length === 0) yield path
    else yield* pathsOf(node.children, path)
  }
}

/** A turn that teaches nothing good: no program and no answer, or one more failed program. */
export const wentWrong = (node: TreeNode): boolean =>
  node.notices.some(notice => notice === 'void-turn' || notice === 'repeated-failure')
