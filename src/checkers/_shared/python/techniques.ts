import { escaped, LoopShapes } from './loops.ts'
import { append, type Binding, type CallSite, type FunctionInfo, isComprehension, type Program } from './names.ts'
import { isLoop } from './reach.ts'
import { codeOf, NodeMap, operatorBetween, type PyNode, walk } from './tree.ts'

/** What a program does to find its answer. One entry per place. */
export interface Technique {
  readonly kind:
    | 'solver'
    | 'search'
    | 'enumeration'
    | 'recursion'
    | 'dynamic-programming'
    | 'simulation'
    | 'iteration'
    | 'loop'
    | 'condition'
    | 'arithmetic'
    | 'logic'
    | 'transformation'
    | 'exact'
    | 'library'
    | 'evaluation'
  readonly at: PyNode
  readonly note: string
}

const solverModules =
  /^(z3|ortools|pulp|pysat|cvxpy|cpmpy|constraint|minizinc|clingo|pycosat|mip|scip|pyscipopt|networkx|scipy\.optimize|kanren)\b/
const solverFunctions =
  /^sympy(\.\w+)*\.(solve|solveset|linsolve|nonlinsolve|nsolve|diophantine|dsolve|rsolve|satisfiable|solve_\w+)$/
const libraries = /^(datetime|calendar|sympy|numpy|scipy|pandas|statistics|dateutil|mpmath|gmpy2)\b/
const enumerators =
  /^(itertools|more_itertools)\.(permutations|product|combinations|combinations_with_replacement|distinct_permutations|set_partitions|powerset)$/
const transformations =
  /^(sorted|sum|max|min|any|all|set|reversed|len|ord|chr|bin|hex|pow|divmod|abs|round|filter|hash|frozenset|collections\.\w+|functools\.reduce|itertools\.\w+|re\.\w+|math\.\w+|operator\.\w+|bisect\.\w+|heapq\.\w+|string\.\w+|random\.\w+|\.(count|index|find|rfind|replace|sort|reverse|upper|lower|swapcase|translate|maketrans|partition|split|isalpha|isdigit|startswith|endswith|union|intersection|difference|issubset|most_common|group|findall|bit_length))$/

/** Names that the program defines itself, and the calls that nearly every program makes, need no comparing. */
function isNoted(callee: string): boolean {
  return callee !== 'print' && callee !== 'range' && !callee.startsWith('local.')
}

/** Everything of note in the statements that `inScope` admits. */
export function findTechniques(program: Program, inScope: (node: PyNode) => boolean): Technique[] {
  const finder = new Finder(program, inScope)
  finder.find()
  return finder.found
}

class Finder {
  readonly found: Technique[] = []
  private readonly program: Program
  private readonly inScope: (node: PyNode) => boolean
  private readonly shapes: LoopShapes
  private readonly callsIn = new Map<FunctionInfo, CallSite[]>()

  constructor(program: Program, inScope: (node: PyNode) => boolean) {
    this.program = program
    this.inScope = inScope
    this.shapes = new LoopShapes(program)
  }

  find(): void {
    for (const call of this.program.calls) if (this.inScope(call.node)) this.call(call)
    for (const loop of this.program.loops) if (this.inScope(loop)) this.loop(loop)
    this.operators()
    this.recursion()
    this.wildcards()
  }

  private add(kind: Technique['kind'], at: PyNode, note: string): void {
    this.found.push({ kind, at, note })
  }

  private text(node: PyNode): string {
    return codeOf(this.program.tree, node)
  }

  private call(call: CallSite): void {
    const { callee, node } = call
    if (!isNoted(callee)) return
    if (solverModules.test(callee) || solverFunctions.test(callee)) this.add('solver', node, callee)
    else if (enumerators.test(callee)) this.add('enumeration', node, callee.split('.').at(-1)!)
    else if (libraries.test(callee)) this.add('library', node, callee)
    else if (/^(fractions\.Fraction|decimal\.Decimal|math\.(factorial|comb|perm|gcd|lcm|isqrt))$/.test(callee)) {
      this.add('exact', node, callee)
    } else if (callee === 'eval' || callee === 'exec') {
      const arg = call.args[0]
      if (arg && arg.type !== 'string') this.add('evaluation', node, callee)
    } else if (transformations.test(callee)) this.add('transformation', node, callee.replace(/^\./, ''))
  }

  private wildcards(): void {
    const module = this.program.wildcards.find(name => solverModules.test(name))
    if (!module) return
    const call = this.program.calls.find(c => this.inScope(c.node) && /^[A-Z]\w*$|^solve$/.test(c.callee))
    if (call) this.add('solver', call.node, module)
  }

  private operators(): void {
    for (const node of this.program.tree.lists.operators) {
      switch (node.type) {
        case 'binary_operator':
          if (this.inScope(node)) this.arithmetic(node)
          break
        case 'augmented_assignment':
          if (this.inScope(node) && !/\+=\s*["'[(]/.test(this.text(node))) this.add('arithmetic', node, 'update')
          break
        case 'boolean_operator':
        case 'not_operator':
        case 'comparison_operator':
          if (this.inScope(node)) this.add('logic', node, node.type)
          break
        case 'if_statement':
        case 'elif_clause':
        case 'if_clause':
        case 'conditional_expression':
        case 'match_statement':
          if (this.inScope(node) && !this.program.tree.code.startsWith('if __name__', node.start))
            this.add('condition', node, '')
          break
        case 'slice':
          if (/:\s*-/.test(this.text(node)) && this.inScope(node)) this.add('transformation', node, 'slice')
          break
      }
    }
  }

  private arithmetic(node: PyNode): void {
    const [left, right] = node.children
    if (!left || !right) return
    const operator = operatorBetween(this.program.tree, left, right)
    const isText = left.type === 'string' || right.type === 'string' || left.type === 'list' || right.type === 'list'
    if (isText && (operator === '+' || operator === '%' || operator === '*')) return
    this.add('arithmetic', node, operator)
    const grows = operator === '*' || operator === '**' || operator === '%' || operator === '//'
    if (grows && node.children.some(child => this.isBig(child))) this.add('exact', node, 'big integers')
  }

  /** A whole number of seven digits or more, typed here or at the only place that sets the name. */
  private isBig(node: PyNode): boolean {
    if (node.type === 'integer') return this.text(node).length >= 7
    if (node.type === 'float') return /\d{6,}/.test(this.text(node).replace('.', ''))
    const binding = this.program.refs.get(node)
    const value = binding?.defs.length === 1 ? binding.defs[0]!.value : null
    return value?.type === 'integer' && this.text(value).length >= 6
  }

  private loop(loop: PyNode): void {
    this.add('loop', loop, loop.type)
    if (loop.type === 'while_statement' && this.shapes.isIteration(loop)) this.add('iteration', loop, 'until done')
    if (this.shapes.isFrontier(loop)) this.add('search', loop, 'frontier')
    else if (this.shapes.isTable(loop)) this.add('dynamic-programming', loop, 'table')
    else if (this.shapes.isGenerateAndTest(loop)) this.add('enumeration', loop, 'nested loops')
    else if (isLoop(loop) && this.shapes.isSimulation(loop)) this.add('simulation', loop, 'state')
  }

  private recursion(): void {
    const graph = new Map<FunctionInfo, Set<FunctionInfo>>()
    for (const fn of this.program.functions) graph.set(fn, new Set())
    if (graph.size === 0) return
    const at = new NodeMap<FunctionInfo>(this.program.tree)
    for (const fn of this.program.functions) at.set(fn.node, fn)
    const note = (node: PyNode, target: FunctionInfo, call: CallSite | null) => {
      for (let up: PyNode | null = node; up; up = up.parent) {
        const fn = at.get(up)
        if (!fn) continue
        graph.get(fn)!.add(target)
        if (call) append(this.callsIn, fn, call)
        if (fn.name !== '') return
      }
    }
    for (const call of this.program.calls) for (const fn of call.fns) note(call.node, fn, call)
    for (const { node, binding } of this.program.definitionUses) {
      if (binding.fn && node.parent?.type === 'argument_list') note(node, binding.fn, null)
    }
    for (const fn of onCycles(graph)) {
      const live = fn.results.some(r => this.inScope(r.at)) || fn.effects.some(e => this.inScope(e))
      if (live) this.recursive(fn)
    }
  }

  private recursive(fn: FunctionInfo): void {
    const body = this.text(fn.node)
    const cached = fn.decorators.some(d => /\b(lru_cache|cache|memoize|memoized|memo)\b/.test(this.text(d)))
    if (cached || this.hasMemo(fn)) this.add('dynamic-programming', fn.node, cached ? 'cache' : 'memo')
    else if (this.isBacktracking(fn, body)) this.add('search', fn.node, 'backtracking')
    this.add('recursion', fn.node, fn.name)
  }

  /** A table outside the call that is asked before and filled after the recursion. */
  private hasMemo(fn: FunctionInfo): boolean {
    const tables = new Set<Binding>()
    walk(this.program.tree, fn.node, node => {
      if (node.type !== 'assignment' || node.children[0]?.type !== 'subscript') return true
      const root = node.children[0].children[0]
      const binding = root ? this.program.refs.get(root) : undefined
      const outlives = binding && (binding.scope !== fn.scope || fn.params.includes(binding))
      const value = node.children.at(-1)!
      if (outlives && value.type !== 'integer' && value.type !== 'true') tables.add(binding)
      return true
    })
    const body = this.text(fn.node)
    return [...tables].some(
      table =>
        new RegExp(`\\bin ${escaped(table.name)}\\b|\\b${escaped(table.name)}\\.get\\(`).test(body) &&
        new RegExp(`return [^\\n]*\\b${escaped(table.name)}\\b`).test(body),
    )
  }

  /** Two recursive calls of which one is tried after the other, or an undo between them, or a branch cut at a bound. */
  private isTakeOrLeave(fn: FunctionInfo, body: string): boolean {
    if (/\.pop\(\)/.test(body) && /\.append\(/.test(body)) return true
    const own = (this.callsIn.get(fn) ?? []).filter(call => call.fns.includes(fn))
    if (own.length < 2) return false
    if (own.some(call => call.node.parent?.type === 'boolean_operator' || call.node.parent?.type === 'if_statement'))
      return true
    return fn.isGenerator && /\bif [^\n]*[<>][^\n]*:\s*return\b/.test(body)
  }

  /** Recursion that tries alternatives: called inside a loop, with a test before it, on its result, or an undo after it. */
  private isBacktracking(fn: FunctionInfo, body: string): boolean {
    for (const call of this.callsIn.get(fn) ?? []) {
      if (call.fns[0]?.node !== fn.node && !call.fns.some(f => f === fn)) continue
      let loop: PyNode | null = null
      let guarded = false
      for (let at = call.node.parent; at && at !== fn.node; at = at.parent) {
        if (at.type === 'for_statement' || isComprehension(at)) loop = loop ?? at
        if (!loop && (at.type === 'if_statement' || at.type === 'while_statement')) guarded = true
        if (isComprehension(at) && at.children.some(c => c.type === 'if_clause')) guarded = true
      }
      if (!loop) continue
      const inLoop = this.text(loop)
      if (isComprehension(loop)) {
        if (guarded || /^(any|next)\(/.test(this.text(loop.parent?.parent ?? loop))) return true
        continue
      }
      const undo = /\.pop\(|\.remove\(|\.discard\(|\bdel |= (0|None|-1|False|'\.'|"\."|''|"")\s*$/m.test(inLoop)
      const tested = /\n\s*(if|for)\b[^\n]*:|\bcontinue\b/.test(inLoop)
      if (guarded || undo || tested) return true
    }
    return this.isTakeOrLeave(fn, body)
  }
}

type CallGraph = ReadonlyMap<FunctionInfo, ReadonlySet<FunctionInfo>>

/** Functions that can come back to themselves: those in a circle of calls (Tarjan's strongly connected components). */
function onCycles(graph: CallGraph): FunctionInfo[] {
  const order = new Map<FunctionInfo, number>()
  const low = new Map<FunctionInfo, number>()
  const open: FunctionInfo[] = []
  const closed = new Set<FunctionInfo>()
  const cyclic = new Set<FunctionInfo>()
  // Own stack: a chain of calls may be longer than the one of JavaScript.
  const path: { readonly fn: FunctionInfo; readonly callees: Iterator<FunctionInfo> }[] = []
  const enter = (fn: FunctionInfo) => {
    low.set(fn, order.size)
    order.set(fn, order.size)
    open.push(fn)
    path.push({ fn, callees: (graph.get(fn) ?? [])[Symbol.iterator]() })
  }
  const leave = (fn: FunctionInfo) => {
    path.pop()
    const above = path.at(-1)?.fn
    if (above) low.set(above, Math.min(low.get(above)!, low.get(fn)!))
    if (low.get(fn) !== order.get(fn)) return
    const circle = open.splice(open.lastIndexOf(fn))
    for (const member of circle) closed.add(member)
    if (circle.length > 1 || graph.get(fn)?.has(fn)) for (const member of circle) cyclic.add(member)
  }
  for (const start of graph.keys()) {
    if (order.has(start)) continue
    enter(start)
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { value: callee, done } = top.callees.next()
      if (done) leave(top.fn)
      else if (!order.has(callee)) enter(callee)
      else if (!closed.has(callee)) low.set(top.fn, Math.min(low.get(top.fn)!, order.get(callee)!))
    }
  }
  return [...graph.keys()].filter(fn => cyclic.has(fn))
}
