import type { Checker, CheckReport } from '../checker.ts'
import { analyseWith } from './_shared/python/analyse.ts'
import { type LegacyReport, legacyReport } from './_shared/python/legacy.ts'
import { type PythonTools, pythonTools } from './_shared/python/parse.ts'
import { adequateAbove, type Finding, type FindingKind, type SymbolicReport } from './_shared/python/report.ts'

/** What `codesteer check --legacy` says of one program: exactly the fields of the published corpus. */
export type LegacyRow = LegacyReport

/** What `codesteer check` says of one program. */
export interface CheckRow {
  /** Above 2 is adequate. */
  readonly score: number
  readonly searching: boolean
  readonly symbolic: boolean
  readonly numerical: boolean
  /** `line N: message` when Python refuses the program; else null. */
  readonly error: string | null
  readonly method: SymbolicReport['method']
  readonly lazy: boolean
  readonly reasons: readonly string[]
  readonly liveLines: number
  readonly deadLines: number
  readonly findings: readonly Finding[]
}

/** Checks one program. Deterministic; any string gets a row. Loads the parsers on first use. */
export async function checkSource(source: string, options: { readonly legacy: true }): Promise<LegacyRow>
export async function checkSource(source: string, options?: { readonly legacy?: false }): Promise<CheckRow>
export async function checkSource(
  source: string,
  options?: { readonly legacy?: boolean },
): Promise<CheckRow | LegacyRow>
export async function checkSource(
  source: string,
  options: { readonly legacy?: boolean } = {},
): Promise<CheckRow | LegacyRow> {
  const tools = await pythonTools()
  return options.legacy ? legacyReport(tools, source) : rowOf(analyseWith(tools, source))
}

function rowOf(report: SymbolicReport): CheckRow {
  const { syntaxError, ...rest } = report
  const { score, searching, symbolic, numerical, method, lazy, reasons, liveLines, deadLines, findings } = rest
  const error = syntaxError ? `line ${syntaxError.line}: ${syntaxError.message}` : null
  return { score, searching, symbolic, numerical, error, method, lazy, reasons, liveLines, deadLines, findings }
}

const checker: Checker = {
  name: 'symbolic-code',
  about: 'reads the program without running it: does it find the answer out, or only restate one?',
  async *check(turn, kit) {
    if (turn.source === null) return null
    const tools = await pythonTools()
    return kit.settings.symbolicScore === 'legacy' ? judgeLegacy(tools, turn.source) : judge(tools, turn.source)
  },
}

export default checker

/** The sound verdict on a program and the words for the coach. */
export function judge(tools: PythonTools, source: string): CheckReport {
  const report = analyseWith(tools, source)
  return { outcome: outcomeOf(report), told: tell(report), detail: report }
}

/** Failed: cannot give an answer that was worked out. Inconclusive: it does work something out, but very little. */
function outcomeOf(report: SymbolicReport): CheckReport['outcome'] {
  if (report.syntaxError || report.lazy) return 'failed'
  if (report.score > adequateAbove) return 'passed'
  return report.findings.some(f => fatalKinds.has(f.kind)) ? 'failed' : 'inconclusive'
}

const fatalKinds = new Set<FindingKind>(['endless-loop', 'too-many-cases', 'needs-input', 'refused'])
const techniqueKinds = new Set<FindingKind>([
  'solver',
  'search',
  'enumeration',
  'recursion',
  'dynamic-programming',
  'simulation',
  'exact',
  'evaluation',
])
/** Most telling first; what is not named here comes last. */
const urgency: readonly FindingKind[] = [
  'syntax-error',
  'no-code',
  'no-output',
  'hard-coded',
  'lookup',
  'endless-loop',
  'too-many-cases',
  'needs-input',
  'refused',
  'unused-function',
  'unused-result',
  'dead-code',
  'float-equality',
]
const problemsTold = 6

/** At most twelve lines: the verdict, what is wrong and where, and what would be better. */
function tell(report: SymbolicReport): string {
  const lines = [headline(report)]
  const rank = (finding: Finding) => (urgency.includes(finding.kind) ? urgency.indexOf(finding.kind) : urgency.length)
  const problems = report.findings.filter(f => !techniqueKinds.has(f.kind)).sort((a, b) => rank(a) - rank(b))
  for (const finding of problems.slice(0, problemsTold)) lines.push(lineOf(finding))
  if (problems.length > problemsTold) lines.push(`- and ${problems.length - problemsTold} smaller points`)
  const strengths = report.findings.filter(f => techniqueKinds.has(f.kind)).slice(0, 3)
  if (!report.lazy) for (const finding of strengths) lines.push(lineOf(finding))
  const better = betterOf(report)
  if (better) lines.push(better)
  return lines.join('\n')
}

function lineOf(finding: Finding): string {
  const excerpt = finding.kind === 'no-output' || finding.excerpt === '' ? '' : ` \`${finding.excerpt}\``
  return `- line ${finding.line}${excerpt}: ${finding.why}`
}

function headline(report: SymbolicReport): string {
  const score = `complexity ${report.score}, adequate above ${adequateAbove}`
  if (report.syntaxError && report.method === 'no-code') return 'The block holds no Python program.'
  if (report.syntaxError) return 'The program does not parse and cannot run.'
  const dead =
    report.deadLines > 2 ? ` ${report.deadLines} of ${report.liveLines + report.deadLines} lines play no part.` : ''
  if (report.lazy) return `The program does not find the answer out (${report.method}; ${score}).${dead}`
  if (report.score > adequateAbove) return `The program works the answer out by ${report.method} (${score}).${dead}`
  return `The program works out little by itself (${report.method}; ${score}).${dead}`
}

/** One sentence on what to ask for next, or null when nothing needs to change. */
function betterOf(report: SymbolicReport): string | null {
  const kinds = new Set(report.findings.map(f => f.kind))
  if (report.method === 'no-code') return 'Better: ask for one complete Python program that prints its answer.'
  if (report.syntaxError) return 'Better: mend that line and send the whole program again.'
  if (kinds.has('no-output')) return 'Better: call the solving code and print its result.'
  if (report.lazy && kinds.has('unused-result'))
    return 'Better: print what the program has worked out, not a typed copy.'
  if (report.lazy && kinds.has('unused-function'))
    return 'Better: call the function that solves it and print its result.'
  if (report.lazy) return 'Better: put the puzzle in as data and let the program search or calculate what it prints.'
  if (kinds.has('endless-loop')) return 'Better: give the loop a condition that is reached, or a bound on its rounds.'
  if (kinds.has('too-many-cases'))
    return 'Better: cut branches early (backtracking), keep partial results, or use a smarter order.'
  if (kinds.has('needs-input')) return 'Better: write the data of the question into the program.'
  if (kinds.has('refused')) return 'Better: use the standard library only and print the answer as text.'
  if (report.score > adequateAbove) return null
  return 'Better: if the question needs more than this, let the program try the possibilities and test every rule itself.'
}

function judgeLegacy(tools: PythonTools, source: string): CheckReport {
  const report = legacyReport(tools, source)
  if (report.error) return { outcome: 'failed', told: `The program does not parse. ${report.error}`, detail: report }
  const traits = [
    report.searching ? 'loops or itertools' : null,
    report.symbolic ? 'built strings or evaluated expressions' : null,
    report.numerical ? 'arithmetic' : null,
  ].filter(trait => trait !== null)
  const found = traits.length > 0 ? traits.join(', ') : 'no loops, no built expressions, no arithmetic'
  const lines = [`Code complexity by the published rule: ${report.score} (${found}).`]
  const simple = report.score <= adequateAbove
  if (simple) lines.push('That is low: this code may be too simple to work the answer out by symbolic computing.')
  return { outcome: simple ? 'failed' : 'passed', told: lines.join('\n'), detail: report }
}
