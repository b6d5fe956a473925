import type { SyntaxFault } from './parse.ts'

/** How a program finds what it prints. */
export type Method =
  | 'solver'
  | 'search'
  | 'enumeration'
  | 'recursion'
  | 'dynamic-programming'
  | 'simulation'
  | 'computation'
  | 'lookup'
  | 'hard-coded'
  | 'no-code'

/** Kinds of findings: techniques first, then faults. */
export type FindingKind =
  // What the program does to find its answer.
  | 'solver'
  | 'search'
  | 'enumeration'
  | 'recursion'
  | 'dynamic-programming'
  | 'simulation'
  | 'exact'
  | 'evaluation'
  // What keeps it from finding the answer out.
  | 'syntax-error'
  | 'no-code'
  | 'no-output'
  | 'hard-coded'
  | 'lookup'
  | 'dead-code'
  | 'unused-function'
  | 'unused-import'
  | 'unused-data'
  | 'unused-result'
  // What keeps it from finishing, or from being right.
  | 'endless-loop'
  | 'too-many-cases'
  | 'needs-input'
  | 'refused'
  | 'float-equality'

/** One thing found in a program, and where. */
export interface Finding {
  readonly kind: FindingKind
  /** 1-based, inclusive. */
  readonly line: number
  readonly endLine: number
  /** The first line of the place, trimmed, at most 100 characters. */
  readonly excerpt: string
  readonly why: string
}

/** What the sound analysis says about a program. Plain JSON. */
export interface SymbolicReport {
  /** See `docs/checkers.md`; above 2 is adequate. */
  readonly score: number
  readonly method: Method
  /** The program restates an answer instead of finding it. */
  readonly lazy: boolean
  /** Why it is lazy; empty when it is not. */
  readonly reasons: readonly string[]
  /** What the output depends on: loops over candidates or any search, built expressions or algebra, arithmetic. */
  readonly searching: boolean
  readonly symbolic: boolean
  readonly numerical: boolean
  readonly syntaxError: SyntaxFault | null
  /** Lines with code on which the output depends, and lines with code on which it does not. */
  readonly liveLines: number
  readonly deadLines: number
  readonly findings: readonly Finding[]
}

/** Scores above this are adequate; the published checker warns at or below the same number. */
export const adequateAbove = 2

/** Why each finding matters, in words for the coach. `{}` is filled in with what was found. */
export const why: Readonly<Record<FindingKind, string>> = {
  solver: 'a solver decides it ({})',
  search: 'the program searches states and drops dead ends ({})',
  enumeration: 'candidates are generated and tested ({})',
  recursion: 'the answer is built by recursion ({})',
  'dynamic-programming': 'partial results are kept and reused ({})',
  simulation: 'the steps are carried out one by one on a state',
  exact: 'the arithmetic is exact ({})',
  evaluation: 'a built expression is evaluated by the machine ({})',
  'syntax-error': 'Python refuses the program, so nothing of it runs: {}',
  'no-code': 'there is no program here, only words',
  'no-output': 'nothing is printed, so whatever it works out is lost',
  'hard-coded': 'what is printed was typed in; running it adds nothing to what was already believed',
  lookup: 'what is printed is picked from a typed table; the answers in the table were not worked out',
  'dead-code': 'this can never run ({})',
  'unused-function': 'the function {} is never called, so its method plays no part in the answer',
  'unused-import': '{} is imported and plays no part in the answer',
  'unused-data': 'the data {} is set and the printed answer does not depend on it',
  'unused-result': 'this work does not reach what is printed',
  'endless-loop': 'no way out of this loop is visible, so the run would be cut off',
  'too-many-cases': 'about {} cases, far more than the time limit allows',
  'needs-input': 'the program waits for input, and there is none when it runs',
  refused: 'the sandbox has no {}',
  'float-equality': 'exact equality of rounded numbers misses true answers; use fractions or a tolerance',
}
