import type { Binding, CallSite, Program } from './program.ts'
import type { Reach } from './reach.ts'
import type { FindingKind } from './report.ts'
import { codeOf, isInside, operatorBetween, type PyNode, unwrap, walk } from './tree.ts'

export interface Hazard {
  readonly kind: FindingKind
  readonly at: PyNode
  readonly what: string
  /** True when the program cannot give its answer because of it. */
  readonly fatal: boolean
}

const networkModules =
  /^(requests|urllib\.request|urllib3|httpx|aiohttp|socket|http\.client|ftplib|smtplib|websocket|openai)\b/
const displayModules = /^(matplotlib|seaborn|plotly|tkinter|turtle|pygame|PIL\.ImageShow|cv2)\b/
const processCalls = /^(os\.(system|popen|spawn\w*|exec\w*|fork)|subprocess\.\w+)$/
const fileCalls = /^(open|io\.open|pathlib\.Path|pandas\.(read_\w+))$|^\.(read_text|write_text|to_csv|savefig)$/

/** Everything in reached code that keeps the program from finishing, from running in the sandbox, or from being exact. */
export function findHazards(program: Program, reach: Reach): Hazard[] {
  const hazards: Hazard[] = []
  for (const call of program.calls) {
    if (!suspects.test(call.callee) || !reach.isReached(call.node)) continue
    const hazard = callHazard(call) ?? sizeHazard(program, call)
    if (hazard) hazards.push(hazard)
  }
  const clauseSizes = new Map<PyNode, number>()
  for (const loop of program.loops) {
    if (!reach.isReached(loop)) continue
    if (loop.type === 'while_statement' && isEndless(program, loop)) {
      hazards.push({ kind: 'endless-loop', at: loop, what: '', fatal: true })
    }
    const size = loop.type === 'for_in_clause' ? clauseSize(program, loop, clauseSizes) : loopNestSize(program, loop)
    if (size > caseLimit) hazards.push({ kind: 'too-many-cases', at: loop, what: magnitude(size), fatal: true })
  }
  for (const node of program.tree.lists.operators) {
    if (node.type === 'comparison_operator' && isFloatEquality(program, node) && reach.isReached(node)) {
      hazards.push({ kind: 'float-equality', at: node, what: '', fatal: false })
    }
  }
  return hazards
}

/** Most calls are of none of these: one look instead of six. */
const suspects =
  /^(input$|sys\.stdin|os\.|subprocess|(io\.)?open|requests|url|http|aiohttp|socket|ftp|smtp|websocket|matplotlib|seaborn|plotly|tkinter|turtle|pygame|PIL|cv2|pa(ndas|thlib)|itertools|\.(read|write|to_csv|savefig))/

function callHazard(call: CallSite): Hazard | null {
  const { callee, node } = call
  const hazard = (kind: FindingKind, what: string, fatal = true): Hazard => ({ kind, at: node, what, fatal })
  if (callee === 'input' || callee === 'sys.stdin.read' || callee === 'sys.stdin.readline')
    return hazard('needs-input', '')
  if (networkModules.test(callee)) return hazard('refused', 'network')
  if (displayModules.test(callee)) return hazard('refused', 'display')
  if (processCalls.test(callee)) return hazard('refused', 'other programs')
  if (fileCalls.test(callee)) return hazard('refused', 'files of yours', false)
  return null
}

/** A minute of CPython does some 10^8 small steps; above this an exhaustive pass cannot finish. */
const caseLimit = 3e8

function sizeHazard(program: Program, call: CallSite): Hazard | null {
  const match = /^itertools\.(permutations|product|combinations|combinations_with_replacement)$/.exec(call.callee)
  if (!match) return null
  const positional = call.args.filter(arg => arg.type !== 'keyword_argument')
  const repeat = call.args.find(arg => arg.type === 'keyword_argument')
  const size = casesOf(program, match[1]!, positional, repeat?.children[1])
  // A loop that stops at the first hit may be lucky; far beyond the limit it is not.
  const limit = leavesEarly(program, call.node) ? caseLimit * 1000 : caseLimit
  if (size === null || size <= limit) return null
  return { kind: 'too-many-cases', at: call.node, what: magnitude(size), fatal: true }
}

function casesOf(program: Program, what: string, args: readonly PyNode[], repeat: PyNode | undefined): number | null {
  const first = args[0]
  if (!first) return null
  if (what === 'product') {
    let size = 1
    for (const arg of args) {
      const own = sizeOf(program, arg)
      if (own === null) return null
      size *= own
    }
    const times = repeat ? numberOf(program, repeat) : 1
    return times === null ? null : size ** times
  }
  const n = sizeOf(program, first)
  if (n === null) return null
  const r = args[1] ? numberOf(program, args[1]) : n
  if (r === null || r > n) return null
  let size = 1
  for (let i = 0; i < r; i++) size *= what === 'permutations' ? n - i : (n - i) / (i + 1)
  return size
}

/** How many elements an iterable has, where the program says so. */
function sizeOf(program: Program, node: PyNode, depth = 0): number | null {
  const inner = unwrap(node)
  if (depth > 4) return null
  switch (inner.type) {
    case 'list':
    case 'tuple':
    case 'set':
      return inner.children.some(c => c.type === 'list_splat') ? null : inner.children.length
    case 'dictionary':
      return inner.children.length
    case 'string':
      return inner.children.length === 0 ? inner.end - inner.start - 2 : null
    case 'identifier': {
      const binding = program.refs.get(inner)
      const value = binding ? soleValue(binding) : null
      return value ? sizeOf(program, value, depth + 1) : null
    }
    case 'call': {
      const call = program.callOf.get(inner)
      if (!call) return null
      if (call.callee === 'range') return rangeSize(program, call.args)
      const wraps = /^(list|tuple|set|sorted|reversed|enumerate)$/.test(call.callee)
      return wraps && call.args[0] ? sizeOf(program, call.args[0], depth + 1) : null
    }
  }
  return null
}

function rangeSize(program: Program, args: readonly PyNode[]): number | null {
  const numbers = args.map(arg => numberOf(program, arg))
  if (numbers.some(n => n === null) || numbers.length === 0) return null
  const [a, b, step] = numbers as number[]
  if (b === undefined) return Math.max(0, a!)
  return Math.max(0, Math.ceil((b - a!) / (step || 1)))
}

/** The value of a constant whole-number expression, or null. */
function numberOf(program: Program, node: PyNode, depth = 0): number | null {
  const inner = unwrap(node)
  if (depth > 4) return null
  if (inner.type === 'integer') return Number(codeOf(program.tree, inner).replace(/_/g, ''))
  if (inner.type === 'identifier') {
    const binding = program.refs.get(inner)
    const value = binding ? soleValue(binding) : null
    return value ? numberOf(program, value, depth + 1) : null
  }
  if (inner.type === 'call' && program.callOf.get(inner)?.callee === 'len') {
    const arg = program.callOf.get(inner)!.args[0]
    return arg ? sizeOf(program, arg, depth + 1) : null
  }
  if (inner.type === 'binary_operator' && inner.children.length === 2) {
    const a = numberOf(program, inner.children[0]!, depth + 1)
    const b = numberOf(program, inner.children[1]!, depth + 1)
    if (a === null || b === null) return null
    switch (operatorBetween(program.tree, inner.children[0]!, inner.children[1]!)) {
      case '+':
        return a + b
      case '-':
        return a - b
      case '*':
        return a * b
      case '**':
        return a ** b
    }
  }
  return null
}

/** The one value a name ever has, when nothing changes it. */
function soleValue(binding: Binding): PyNode | null {
  const only = binding.defs.length === 1 ? binding.defs[0]! : null
  return only && (only.kind === 'assign' || only.kind === 'param') ? only.value : null
}

/** Product of the sizes of this loop and the loops around it; 0 unless it is an innermost loop over constant ranges. */
function loopNestSize(program: Program, loop: PyNode): number {
  if (loop.type === 'while_statement') return 0
  let size = 1
  let isNested = false
  for (let at: PyNode | null = loop; at && at.type !== 'function_definition'; at = at.parent) {
    if (at.type !== 'for_statement') continue
    if (at !== loop) isNested = true
    size *= (at.children[1] && sizeOf(program, at.children[1])) || 1
  }
  return isNested && size > caseLimit && leavesEarly(program, loop) ? 0 : size
}

/** The same for a clause of a comprehension and those before it; `known` carries the product from clause to clause. */
function clauseSize(program: Program, loop: PyNode, known: Map<PyNode, number>): number {
  const clauses = loop.parent!.children
  let before = loop.index - 1
  while (before >= 0 && clauses[before]!.type !== 'for_in_clause') before--
  const outer = before < 0 ? 1 : (known.get(clauses[before]!) ?? clauseSize(program, clauses[before]!, known))
  const size = outer * ((loop.children[1] && sizeOf(program, loop.children[1])) || 1)
  known.set(loop, size)
  return size
}

function leavesEarly(program: Program, node: PyNode): boolean {
  if (/^(next|any|all)\(/.test(codeOf(program.tree, statementExpression(node)))) return true
  for (let at: PyNode | null = node; at; at = at.parent) {
    if (at.type === 'call' && /^(next|any|all)$/.test(program.callOf.get(at)?.callee ?? '')) return true
    if (at.type === 'for_statement' || at.type === 'while_statement')
      return /\b(break|return)\b/.test(codeOf(program.tree, at))
    if (at.type === 'function_definition') return false
  }
  return false
}

function statementExpression(node: PyNode): PyNode {
  const statement = node.statement
  return statement.children[0] ?? statement
}

/** `while True` without a way out, or a condition none of whose names the body can change. */
function isEndless(program: Program, loop: PyNode): boolean {
  const [condition, body] = loop.children
  if (!condition || !body || hasWayOut(program, body, true)) return false
  const test = unwrap(condition)
  if (/^(True|1)$/.test(codeOf(program.tree, test))) return true
  const names = new Set<Binding>()
  let opaque = false
  walk(program.tree, test, node => {
    if (
      node.type === 'call' ||
      node.type === 'attribute' ||
      node.type === 'subscript' ||
      node.type === 'named_expression'
    )
      opaque = true
    const binding = node.type === 'identifier' ? program.refs.get(node) : undefined
    if (binding) names.add(binding)
    else if (node.type === 'identifier') opaque = true
  })
  if (opaque || names.size === 0) return false
  for (const name of names) {
    if (name.scope.kind === 'module' && program.functions.length > 0 && name.defs.length > 1) return false
    if (name.defs.some(def => isInside(def.at, loop))) return false
  }
  return true
}

function hasWayOut(program: Program, node: PyNode, breaks: boolean): boolean {
  switch (node.type) {
    case 'break_statement':
      return breaks
    case 'return_statement':
    case 'raise_statement':
    case 'yield':
      return true
    case 'function_definition':
    case 'lambda':
      return false
    case 'call':
      if (
        /^(sys\.exit|exit|quit|os\._exit|next|\.pop|\.remove|\.popleft)$/.test(program.callOf.get(node)?.callee ?? '')
      )
        return true
  }
  const inner = breaks && node.type !== 'for_statement' && node.type !== 'while_statement'
  return node.children.some(child => hasWayOut(program, child, inner || child.type === 'else_clause'))
}

function isFloatEquality(program: Program, node: PyNode): boolean {
  const [left, right] = node.children
  if (!left || !right || node.children.length !== 2) return false
  const operator = operatorBetween(program.tree, left, right)
  if (operator !== '==' && operator !== '!=') return false
  return isFloating(program, left) || isFloating(program, right)
}

function isFloating(program: Program, node: PyNode): boolean {
  const inner = unwrap(node)
  if (inner.type === 'float') return !/^\d+\.0*$/.test(codeOf(program.tree, inner))
  if (inner.type === 'call') {
    const callee = program.callOf.get(inner)?.callee ?? ''
    return callee === 'eval' || /^math\.(sqrt|sin|cos|tan|log|exp)$/.test(callee)
  }
  if (inner.type !== 'binary_operator' || inner.children.length !== 2) return false
  if (/Fraction|Rational|Decimal/.test(program.tree.code)) return false
  const operator = operatorBetween(program.tree, inner.children[0]!, inner.children[1]!)
  return operator === '/' || inner.children.some(child => isFloating(program, child))
}

function magnitude(size: number): string {
  return size < 1e6 ? String(Math.round(size)) : `10^${Math.round(Math.log10(size))}`
}
