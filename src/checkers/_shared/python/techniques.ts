import { type Binding, type CallSite, type FunctionInfo, isComprehension, type Program } from './program.ts'
import { isLoop } from './reach.ts'
import { codeOf, operatorBetween, type PyNode, walk } from './tree.ts'

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
  private readonly callsIn = new Map<FunctionInfo, CallSite[]>()

  constructor(program: Program, inScope: (node: PyNode) => boolean) {
    this.program = program
    this.inScope = inScope
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
    walk(this.program.tree.root, node => {
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
          if (this.inScope(node) && !/^if __name__/.test(this.text(node).slice(0, 20))) this.add('condition', node, '')
          break
        case 'slice':
          if (/:\s*-/.test(this.text(node)) && this.inScope(node)) this.add('transformation', node, 'slice')
          break
      }
    })
  }

  private arithmetic(node: PyNode): void {
    const [left, right] = node.children
    if (!left || !right) return
    const operator = operatorBetween(this.program.tree, left, right)
    const isText = left.type === 'string' || right.type === 'string' || left.type === 'list' || right.type === 'list'
    if (isText && (operator === '+' || operator === '%' || operator === '*')) return
    this.add('arithmetic', node, operator)
    const big = node.children.some(child => this.isBig(child))
    if (big && (operator === '*' || operator === '**' || operator === '%' || operator === '//')) {
      this.add('exact', node, 'big integers')
    }
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
    if (loop.type === 'while_statement' && this.isIteration(loop)) this.add('iteration', loop, 'until done')
    if (this.isFrontier(loop)) this.add('search', loop, 'frontier')
    else if (this.isTable(loop)) this.add('dynamic-programming', loop, 'table')
    else if (this.isGenerateAndTest(loop)) this.add('enumeration', loop, 'nested loops')
    else if (isLoop(loop) && this.isSimulation(loop)) this.add('simulation', loop, 'state')
  }

  /** A loop that takes states from a container and puts their successors back. */
  private isFrontier(loop: PyNode): boolean {
    if (loop.type !== 'while_statement') return false
    const body = this.text(loop)
    const taken = new Set([...body.matchAll(/(\w+)\.(?:popleft|pop|get)\(/g)].map(m => m[1]!))
    for (const m of body.matchAll(/heappop\(\s*(\w+)/g)) taken.add(m[1]!)
    let found = false
    walk(loop, node => {
      if (found) return false
      const name = this.pushedTo(node)
      if (name && this.isNestedIn(node, loop)) {
        if (taken.has(name)) found = true
        // Layer by layer: the layer filled inside becomes the frontier.
        else if (
          new RegExp(`\\b(\\w+) = (list\\(|set\\()?${escaped(name)}\\b`).test(body) &&
          this.loopsOver(loop, name, body)
        )
          found = true
      }
      return true
    })
    return found
  }

  /** The container a node adds to, or null. */
  private pushedTo(node: PyNode): string | null {
    if (node.type === 'augmented_assignment') {
      const [left, right] = node.children
      return left?.type === 'identifier' && right?.type === 'list' && right.children.length > 1
        ? `${this.text(left)}`
        : null
    }
    if (node.type !== 'call') return null
    const callee = node.children[0]!
    if (/heappush$/.test(this.text(callee))) {
      const first = node.children[1]?.children[0]
      return first ? this.text(first) : null
    }
    if (callee.type !== 'attribute' || !callee.children[1]) return null
    return /^(append|appendleft|add|put|extend|push)$/.test(this.text(callee.children[1]))
      ? this.text(callee.children[0]!)
      : null
  }

  /** Inside a further loop or branch of `loop`, or a push of several successors at once. */
  private isNestedIn(node: PyNode, loop: PyNode): boolean {
    if (node.type === 'augmented_assignment' || /extend/.test(this.text(node).slice(0, 60))) return true
    let loops = 0
    for (let at = node.parent; at && at !== loop; at = at.parent) if (isLoop(at)) loops++
    return loops > 0
  }

  private loopsOver(loop: PyNode, next: string, body: string): boolean {
    const current = body.match(new RegExp(`\\b(\\w+) = (?:list\\(|set\\()?${escaped(next)}\\b`))?.[1]
    return !!current && current !== next && new RegExp(`for [^\\n]* in ${current}\\b`).test(this.text(loop))
  }

  /** `table[i] = … table[i - 1] …` inside a loop over `i`. */
  private isTable(loop: PyNode): boolean {
    if (loop.type === 'for_in_clause') return false
    let found = false
    walk(loop, node => {
      if (found || node.type !== 'assignment' || node.children.length < 2) return !found
      const [left, right] = [node.children[0]!, node.children.at(-1)!]
      if (left.type !== 'subscript' || !this.isInnermost(node, loop)) return true
      const table = this.rootName(left)
      const written = left.children
        .slice(1)
        .map(c => this.text(c))
        .join()
      walk(right, inner => {
        if (inner.type !== 'subscript') return true
        const offset = inner.children.slice(1).some(c => c.type === 'binary_operator' && /[-+]/.test(this.text(c)))
        const nested = inner.children[0]!.type === 'subscript' && /\[[^\]]* ?- ?\w+\]/.test(this.text(inner))
        const same = this.rootName(inner) === table || (nested && /min|max|\+/.test(this.text(right)))
        if (
          (offset || nested) &&
          same &&
          inner.children
            .slice(1)
            .map(c => this.text(c))
            .join() !== written
        )
          found = true
        else if (nested && same) found = true
        return true
      })
      return true
    })
    return found
  }

  private isInnermost(node: PyNode, loop: PyNode): boolean {
    for (let at = node.parent; at; at = at.parent) {
      if (at === loop) return true
      if (isLoop(at)) return false
    }
    return false
  }

  private rootName(node: PyNode): string {
    let at = node
    while ((at.type === 'subscript' || at.type === 'attribute') && at.children[0]) at = at.children[0]
    return this.text(at)
  }

  /** Two or more loops over candidate values whose innermost test compares a combination of them. */
  private isGenerateAndTest(loop: PyNode): boolean {
    const inner = loop.type === 'for_in_clause' ? loop.parent! : loop
    if (loop.type === 'while_statement') return false
    const targets = this.rangeTargets(loop)
    if (targets.size === 0) return false
    let found = false
    walk(inner, node => {
      if (found || isStatementTest(node) === null) return !found
      const test = isStatementTest(node)!
      const used = new Set<string>()
      let arithmetic = false
      let compares = false
      let indexes = false
      walk(test, part => {
        if (part.type === 'identifier' && targets.has(this.text(part))) used.add(this.text(part))
        if (part.type === 'binary_operator') arithmetic = true
        if (part.type === 'comparison_operator') compares = true
        if (part.type === 'subscript') indexes = true
        return true
      })
      if (used.size > 1 && arithmetic && compares && !indexes) found = true
      return true
    })
    return found
  }

  /** Targets of this loop and of the loops around it that run over ranges of values, names computed from them included. */
  private rangeTargets(loop: PyNode): Set<string> {
    const targets = new Set<string>()
    const takeClause = (clause: PyNode) => {
      const [target, source] = clause.children
      if (target && source && /^range\(/.test(this.text(source))) targets.add(this.text(target))
    }
    if (loop.type === 'for_in_clause') {
      for (const clause of loop.parent!.children) if (clause.type === 'for_in_clause') takeClause(clause)
      return targets.size > 1 ? targets : new Set()
    }
    let outer = 0
    for (let at: PyNode | null = loop; at && at.type !== 'function_definition'; at = at.parent) {
      if (at.type !== 'for_statement') continue
      takeClause(at)
      outer++
    }
    return outer > 1 && targets.size > 1 ? targets : new Set()
  }

  /** A `while` loop each of whose rounds makes the next value from the last: `a, b = b, a % b`. */
  private isIteration(loop: PyNode): boolean {
    let found = false
    walk(loop, node => {
      const [left, right] = [node.children[0], node.children.at(-1)]
      if (found || node.type !== 'assignment' || !left || !right || left === right) return !found
      const names = left.type === 'identifier' ? [left] : left.type === 'pattern_list' ? left.children : []
      const value = this.text(right)
      found = names.some(name => new RegExp(`\\b${this.text(name).replace(/\W/g, '')}\\b`).test(value))
      return !found
    })
    return found
  }

  /** A loop that carries a state from step to step, beyond adding up. */
  private isSimulation(loop: PyNode): boolean {
    const updates = new Set<string>()
    let moves = 0
    const body = loop.children.find(c => c.type === 'block')
    if (!body) return false
    walk(body, node => {
      if (node.type === 'function_definition' || node.type === 'lambda') return false
      if (node.type === 'augmented_assignment' && node.children[0]) {
        const target = node.children[0]
        const underTest = isUnderTest(node, loop)
        if (target.type === 'identifier' && underTest && !/\+=\s*1$/.test(this.text(node)))
          updates.add(this.text(target))
        if (target.type === 'subscript' && !/\+=/.test(this.text(node))) moves++
      }
      if (node.type === 'assignment' && node.children.length > 1) this.assignment(node, loop, updates, () => moves++)
      if (node.type === 'call' && node.children[0]?.type === 'attribute') {
        const method = node.children[0].children[1] ? this.text(node.children[0].children[1]) : ''
        if (/^(pop|popleft|remove|insert|rotate)$/.test(method)) moves++
      }
      return true
    })
    return moves > 0 || updates.size > 1
  }

  private assignment(node: PyNode, loop: PyNode, updates: Set<string>, move: () => void): void {
    const left = node.children[0]!
    const right = node.children.at(-1)!
    const name = this.rootName(left)
    const rereads = new RegExp(`\\b${name.replace(/\W/g, '')}\\b`).test(this.text(right))
    if (left.type === 'subscript' && (rereads || loop.type === 'while_statement')) move()
    else if (left.type === 'pattern_list' && /\[/.test(this.text(left))) move()
    else if (left.type === 'identifier' && rereads && !/^(max|min)\(/.test(this.text(right))) {
      // `s = s + x` adds up; `s = f(s)` is a step.
      const adds = right.type === 'binary_operator' && /^\w+ \+/.test(this.text(right))
      if (!adds) move()
      else if (isUnderTest(node, loop)) updates.add(name)
    }
  }

  private recursion(): void {
    const graph = new Map<FunctionInfo, Set<FunctionInfo>>()
    for (const fn of this.program.functions) graph.set(fn, new Set())
    const at = new Map(this.program.functions.map(fn => [fn.node, fn]))
    const note = (node: PyNode, target: FunctionInfo, call: CallSite | null) => {
      for (let up: PyNode | null = node; up; up = up.parent) {
        const fn = at.get(up)
        if (!fn) continue
        graph.get(fn)!.add(target)
        if (call) this.callsIn.set(fn, [...(this.callsIn.get(fn) ?? []), call])
        if (fn.name !== '') return
      }
    }
    for (const call of this.program.calls) for (const fn of call.fns) note(call.node, fn, call)
    for (const [node, binding] of this.program.refs) {
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
    walk(fn.node, node => {
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

/** A name or expression as a literal part of a pattern. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N}_ ]/gu, '\\$&')
}

function isStatementTest(node: PyNode): PyNode | null {
  if (node.type === 'if_statement' || node.type === 'if_clause' || node.type === 'elif_clause')
    return node.children[0] ?? null
  return null
}

function isUnderTest(node: PyNode, loop: PyNode): boolean {
  for (let at = node.parent; at && at !== loop; at = at.parent) {
    if (at.type === 'if_statement' || at.type === 'elif_clause' || at.type === 'case_clause') return true
  }
  return false
}

type CallGraph = ReadonlyMap<FunctionInfo, ReadonlySet<FunctionInfo>>

/** Functions that can come back to themselves. Whatever calls nothing that is left, or is called by nothing left, is peeled off first. */
function onCycles(graph: CallGraph): FunctionInfo[] {
  const left = new Set(graph.keys())
  const callers = new Map<FunctionInfo, FunctionInfo[]>()
  for (const [fn, callees] of graph)
    for (const callee of callees) callers.set(callee, [...(callers.get(callee) ?? []), fn])
  const peel = (
    next: (fn: FunctionInfo) => Iterable<FunctionInfo>,
    back: (fn: FunctionInfo) => Iterable<FunctionInfo>,
  ) => {
    const pending = [...left]
    for (let fn = pending.pop(); fn; fn = pending.pop()) {
      if (!left.has(fn) || [...next(fn)].some(other => left.has(other))) continue
      left.delete(fn)
      pending.push(...back(fn))
    }
  }
  const calls = (fn: FunctionInfo) => graph.get(fn) ?? []
  const calledBy = (fn: FunctionInfo) => callers.get(fn) ?? []
  peel(calls, calledBy)
  peel(calledBy, calls)
  return [...left].filter(fn => reaches(graph, fn, left))
}

function reaches(graph: CallGraph, from: FunctionInfo, within: ReadonlySet<FunctionInfo>): boolean {
  const seen = new Set<FunctionInfo>()
  const stack = [...(graph.get(from) ?? [])]
  for (let fn = stack.pop(); fn; fn = stack.pop()) {
    if (fn === from) return true
    if (seen.has(fn) || !within.has(fn)) continue
    seen.add(fn)
    stack.push(...(graph.get(fn) ?? []))
  }
  return false
}
