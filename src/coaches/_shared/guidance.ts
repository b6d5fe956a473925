import type { Finish, Instruction } from '../../coach.ts'

/** The decision of a coach that has no words of its own: another answer. */
export const tell = (action: 'text' | 'code', prompt: string, reason: string): Instruction => ({
  action,
  prompt,
  reason,
  raw: null,
})

/** The decision to end. */
export const finish = (action: 'return' | 'terminate', reason: string): Finish => ({ action, reason, raw: null })
