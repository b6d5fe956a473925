import { Derivation, type Level } from './derive.ts'
import { findHazards, type Hazard } from './hazards.ts'
import { type PythonTools, pythonTools, type SyntaxFault } from './parse.ts'
import { type FunctionInfo, type Program, readProgram } from './program.ts'
import { findReach, type Reach } from './reach.ts'
import { type Finding, type FindingKind, type Method, type SymbolicReport, why } from './report.ts'
import { scoreOf } from './score.ts'
import { findSinks, headerOf, type Sink, type Slice, sliceFrom } from './slice.ts'
import { findTechniques, type Technique } from './techniques.ts'
import { endLineOf, type PyNode, type PyTree, textOf, walk } from './tree.ts'

/** The sound analysis of a Python program. Any string gets a report. Loads the parsers on first use. */
export async function analyse(source: string): Promise<SymbolicReport> {
  return analyseWith(await pythonTools(), source)
}

/** As `analyse`, synchronous, with parsers that are already there. */
export function analyseWith(tools: PythonTools, source: string): SymbolicReport {
  const tree = tools.parse(source)
  const fault = tools.fault(tree)
  // Nesting that Python itself refuses is not walked: there is nothing to learn from it.
  if (fault && tree.depth > 1000) return brokenReport(tree, fault)
  return new Analysis(tree, fault).report()
}

function brokenReport(tree: PyTree, fault: SyntaxFault): SymbolicReport {
  const finding: Finding = {
    kind: 'syntax-error',
    line: fault.line,
    endLine: fault.line,
    excerpt: excerptOf(tree, fault.line),
    why: why['syntax-error'].replace('{}', fault.message),
  }
  return {
    score: 0,
    method: 'no-code',
    lazy: false,
    reasons: [],
    searching: false,
    symbolic: false,
    numerical: false,
    syntaxError: fault,
    liveLines: 0,
    deadLines: tree.codeLines.length,
    findings: [finding],
  }
}

/** Order in which a method names the whole program when several are at work. */
const ranking: readonly Method[] = ['solver', 'search', 'dynamic-programming', 'enumeration', 'recursion', 'simulation']

class Analysis {
  private readonly tree: PyTree
  private readonly fault: SyntaxFault | null
  private readonly program: Program
  private readonly reach: Reach
  private readonly sinks: readonly Sink[]
  private readonly slice: Slice
  private readonly techniques: readonly Technique[]
  private readonly hazards: readonly Hazard[]
  private readonly answers: readonly Sink[]
  private readonly level: Level
  private readonly findings: Finding[] = []

  constructor(tree: PyTree, fault: SyntaxFault | null) {
    this.tree = tree
    this.fault = fault
    this.program = readProgram(tree)
    this.reach = findReach(this.program)
    this.sinks = findSinks(this.program, this.reach)
    const starts = this.sinks.map(sink => sink.at)
    this.slice = sliceFrom(this.program, this.reach, starts)
    const judged = this.sinks.length > 0
    // A program that prints nothing is still told apart by what it tries.
    this.techniques = findTechniques(this.program, judged ? node => this.slice.has(node) : () => true)
    this.hazards = findHazards(this.program, this.reach)
    const derivation = new Derivation(this.program, this.reach, this.slice.bindings, this.slice.functions)
    this.answers = this.answerSinks()
    this.level = judged ? derivation.ofOutput(this.answers) : 3
  }

  report(): SymbolicReport {
    const empty = this.hasNoCode()
    const method = this.method(empty)
    const reasons = this.reasons(method)
    this.collectFindings(method)
    const cap = this.cap(method)
    const score = this.fault ? 0 : Math.min(cap, scoreOf(this.techniques))
    const { liveLines, deadLines } = this.lineCounts()
    const kinds = new Set(this.techniques.map(t => t.kind))
    return {
      score: Math.round(score * 100) / 100,
      method,
      lazy: reasons.length > 0,
      reasons,
      searching: ['solver', 'search', 'enumeration', 'recursion', 'dynamic-programming', 'loop'].some(k =>
        kinds.has(k as Technique['kind']),
      ),
      symbolic: kinds.has('evaluation') || this.techniques.some(isSymbolic),
      numerical: kinds.has('arithmetic') || kinds.has('exact'),
      syntaxError: this.fault,
      liveLines,
      deadLines,
      findings: this.findings.sort((a, b) => a.line - b.line),
    }
  }

  /** The places that print the answer: those with the marker, when the program uses it; else all. */
  private answerSinks(): readonly Sink[] {
    if (!this.tree.source.includes('<<<')) return this.sinks
    const marked = this.sinks.filter(sink => sink.args.some(arg => this.hasMarker(arg, 0)))
    return marked.length > 0 ? marked : this.sinks
  }

  private hasMarker(node: PyNode, depth: number): boolean {
    if (textOf(this.tree, node).includes('<<<')) return true
    if (depth > 1) return false
    let found = false
    walk(this.tree, node, part => {
      const binding = part.type === 'identifier' ? this.program.refs.get(part) : undefined
      if (!found && binding) {
        found = binding.defs.some(def => def.kind === 'assign' && !!def.value && this.hasMarker(def.value, depth + 1))
      }
      return !found
    })
    return found
  }

  private hasNoCode(): boolean {
    return !this.tree.lists.hasWork
  }

  private method(empty: boolean): Method {
    if (empty) return 'no-code'
    if (!this.fault && this.sinks.length > 0) {
      if (this.level === 2) return 'lookup'
      if (this.level < 2) return 'hard-coded'
    }
    const kinds = new Set<string>(this.techniques.map(t => t.kind))
    return ranking.find(method => kinds.has(method)) ?? 'computation'
  }

  private reasons(method: Method): string[] {
    if (this.fault && method !== 'no-code') return []
    if (method === 'no-code') return [why['no-code']]
    const reasons: string[] = []
    if (method === 'hard-coded') reasons.push(why['hard-coded'])
    if (method === 'lookup') reasons.push(why.lookup)
    if (this.sinks.length === 0) reasons.push(why['no-output'])
    return reasons
  }

  private cap(method: Method): number {
    if (method === 'no-code') return 0
    if (method === 'hard-coded') return 0.5
    if (method === 'lookup') return 1
    if (this.sinks.length === 0) return 1.5
    return this.hazards.some(h => h.fatal && (h.kind === 'refused' || this.matters(h)))
      ? 1.75
      : Number.POSITIVE_INFINITY
  }

  /** An endless or hopeless loop stops the program wherever it stands. */
  private matters(hazard: Hazard): boolean {
    return this.reach.isReached(hazard.at)
  }

  private collectFindings(method: Method): void {
    if (this.fault) {
      const { line, message } = this.fault
      this.findings.push({
        kind: 'syntax-error',
        line,
        endLine: line,
        excerpt: excerptOf(this.tree, line),
        why: why['syntax-error'].replace('{}', message),
      })
      if (this.hasNoCode()) return
    }
    if (method === 'no-code') {
      this.add('no-code', this.tree.root)
      return
    }
    if (this.sinks.length === 0 && !this.fault) this.add('no-output', this.tree.root)
    const answer = this.answers.at(-1)
    if ((method === 'hard-coded' || method === 'lookup') && answer) this.add(method, answer.at)
    for (const hazard of this.hazards) this.add(hazard.kind, hazard.at, hazard.what)
    this.collectTechniques()
    this.collectUnused()
  }

  private collectTechniques(): void {
    const told = new Set<string>()
    for (const technique of this.techniques) {
      const { kind } = technique
      if (kind === 'loop' || kind === 'condition' || kind === 'arithmetic' || kind === 'logic') continue
      if (kind === 'transformation' || kind === 'library' || kind === 'iteration' || told.has(kind)) continue
      told.add(kind)
      this.add(kind, technique.at.statement, technique.note)
    }
  }

  private collectUnused(): void {
    for (const branch of this.reach.deadBranches) {
      const what = branch.why === 'after-exit' ? 'it stands behind an exit' : 'its condition is never true'
      this.add('dead-code', branch.from, what, endLineOf(this.tree, branch.to))
    }
    for (const fn of this.program.functions) {
      if (fn.name === '' || fn.className || this.reach.reachedFunctions.has(fn)) continue
      if (fn.node.type === 'function_definition') this.add('unused-function', fn.node, fn.name)
    }
    if (this.sinks.length === 0) return
    for (const binding of this.program.imports) {
      if (!this.slice.bindings.has(binding) && binding.defs[0]) {
        this.add('unused-import', binding.defs[0].at, binding.qualified ?? binding.name)
      }
    }
    this.collectUnusedWork()
  }

  /** Data and work at module level, or in functions that are called, on which the output does not depend. */
  private collectUnusedWork(): void {
    for (const binding of this.program.module.names.values()) {
      const def = binding.defs.find(d => d.kind === 'assign')
      const isData = def?.value && /^(list|dictionary|tuple|string|set|integer)$/.test(def.value.type)
      if (isData && !this.slice.bindings.has(binding)) this.add('unused-data', def.at, binding.name)
    }
    for (const loop of this.program.loops) {
      if (loop.type === 'for_in_clause' || !this.reach.isReached(loop) || this.slice.has(loop)) continue
      const outer = loop.parent && enclosingLoop(loop.parent)
      if (!outer || this.slice.has(outer)) this.add('unused-result', loop)
    }
  }

  private add(kind: FindingKind, at: PyNode, what = '', endLine = endLineOf(this.tree, at)): void {
    const line = kind === 'no-output' || kind === 'no-code' ? 1 : at.line
    this.findings.push({
      kind,
      line,
      endLine: Math.max(line, endLine),
      excerpt: excerptOf(this.tree, line),
      why: why[kind].replace('{}', what),
    })
  }

  private lineCounts(): { liveLines: number; deadLines: number } {
    const live = new Uint8Array(this.tree.lineStarts.length + 1)
    const mark = (from: number, to: number) => {
      for (let line = from; line <= to; line++) live[line] = 1
    }
    for (const statement of this.slice.statements) {
      const parts = headerOf(statement)
      const end = parts.length > 0 ? endLineOf(this.tree, parts.at(-1)!) : statement.line
      mark(statement.line, Math.max(end, statement.line))
    }
    for (const fn of this.slice.functions) this.markFunction(fn, mark)
    for (const binding of this.slice.bindings) {
      if (binding.cls) mark(binding.cls.line, binding.cls.line)
    }
    const code = this.tree.codeLines.reduce((sum, line) => sum + live[line]!, 0)
    return { liveLines: code, deadLines: this.tree.codeLines.length - code }
  }

  private markFunction(fn: FunctionInfo, mark: (from: number, to: number) => void): void {
    const block = fn.node.children.find(c => c.type === 'block')
    mark(fn.node.parent?.type === 'decorated_definition' ? fn.node.parent.line : fn.node.line, fn.node.line)
    if (block && block.line > fn.node.line) mark(fn.node.line, block.line - 1)
  }
}

function isSymbolic({ kind, note }: Technique): boolean {
  if (kind === 'arithmetic' || kind === 'logic' || kind === 'condition' || kind === 'loop') return false
  return /^(z3|sympy|constraint|pysat)\b/.test(note)
}

function enclosingLoop(node: PyNode): PyNode | null {
  for (let at: PyNode | null = node; at; at = at.parent) {
    if (at.type === 'for_statement' || at.type === 'while_statement') return at
    if (at.type === 'function_definition') return null
  }
  return null
}

function excerptOf(tree: PyTree, line: number): string {
  const start = tree.lineStarts[line - 1] ?? 0
  const text = tree.source.slice(start, tree.lineStarts[line] ?? tree.source.length).trim()
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
