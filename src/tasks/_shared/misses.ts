import type { Verdict } from '../../task.ts'

/** The candidates that really are wrong, each once, in their order. */
export function onlyWrong(judge: (answer: string) => Verdict, candidates: readonly string[]): string[] {
  return [...new Set(candidates)].filter(text => judge(text).verdict !== 'correct')
}
