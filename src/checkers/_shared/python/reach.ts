import type { Binding, CallSite, FunctionInfo, Program } from './program.ts'
import { isInside, NodeMap, NodeSet, type PyNode, type PyTree, textOf, unwrap, walk } from './tree.ts'

export interface DeadBranch {
  readonly from: PyNode
  readonly to: PyNode
  readonly why: 'after-exit' | 'false-condition'
}

/** Which statements can run at all: not behind a `return`, not under `if False`, not in a function that nobody calls. */
export interface Reach {
  readonly deadBranches: readonly DeadBranch[]
  readonly reachedFunctions: ReadonlySet<FunctionInfo>
  /** Functions by the node that defines them. */
  readonly functionAt: NodeMap<FunctionInfo>
  isReached(node: PyNode): boolean
  /** Places in reached code that mention a function by name. */
  mentions(fn: FunctionInfo): readonly PyNode[]
}

const exits = new Set(['return_statement', 'raise_statement', 'break_statement', 'continue_statement'])

export function findReach(program: Program): Reach {
  const functionAt = new NodeMap<FunctionInfo>(program.tree)
  for (const fn of program.functions) functionAt.set(fn.node, fn)
  const deadBranches = findDeadBranches(program)
  const deadRoots = new NodeSet(program.tree)
  const buried: PyNode[] = []
  for (const branch of deadBranches) {
    const siblings = branch.from.parent?.children ?? [branch.from]
    for (const root of siblings.slice(branch.from.index, branch.to.index + 1)) {
      deadRoots.add(root)
      buried.push(root)
    }
  }
  const mentionsOf = collectMentions(program)
  const reachedFunctions = reachFrom(program, mentionsOf, functionAt, deadRoots)
  const dead = deadStatements(program, buried, reachedFunctions)
  const isReached = dead.size === 0 ? () => true : (node: PyNode): boolean => !dead.has(node.statement)
  return {
    deadBranches,
    reachedFunctions,
    functionAt,
    isReached,
    mentions: fn => (mentionsOf.get(fn) ?? []).filter(isReached),
  }
}

/** Functions become reached by being mentioned in reached code; dunder methods and lambdas always count as reached. */
function reachFrom(
  program: Program,
  mentionsOf: ReadonlyMap<FunctionInfo, readonly PyNode[]>,
  functionAt: NodeMap<FunctionInfo>,
  deadRoots: NodeSet,
): Set<FunctionInfo> {
  const mentionedBy = new Map<FunctionInfo | null, FunctionInfo[]>()
  for (const [fn, nodes] of mentionsOf) {
    for (const node of nodes) {
      const user = userOf(node, functionAt, deadRoots)
      if (user === 'dead' || user === fn) continue
      const list = mentionedBy.get(user)
      if (list) list.push(fn)
      else mentionedBy.set(user, [fn])
    }
  }
  const reached = new Set<FunctionInfo>()
  const pending: (FunctionInfo | null)[] = [null]
  const take = (fn: FunctionInfo) => {
    if (reached.has(fn)) return
    reached.add(fn)
    pending.push(fn)
  }
  for (const fn of program.functions) {
    if (fn.node.type === 'lambda' || (fn.className !== null && /^__\w+__$/.test(fn.name))) take(fn)
  }
  for (let user = pending.pop(); user !== undefined; user = pending.pop()) mentionedBy.get(user)?.forEach(take)
  return reached
}

/** The function whose body mentions something; null for the module. */
function userOf(node: PyNode, functionAt: NodeMap<FunctionInfo>, deadRoots: NodeSet): FunctionInfo | null | 'dead' {
  let user: FunctionInfo | null = null
  for (let at: PyNode | null = node; at; at = at.parent) {
    if (deadRoots.has(at)) return 'dead'
    if (at.type === 'function_definition' && at !== node) user ??= functionAt.get(at) ?? null
  }
  return user
}

function deadStatements(program: Program, deadRoots: Iterable<PyNode>, reached: ReadonlySet<FunctionInfo>): NodeSet {
  const dead = new NodeSet(program.tree)
  const bury = (root: PyNode) =>
    walk(program.tree, root, node => {
      if (node.statement === node) dead.add(node)
    })
  for (const root of deadRoots) bury(root)
  for (const fn of program.functions) {
    if (reached.has(fn) || fn.node.type === 'lambda') continue
    for (const part of fn.node.children) if (part.type === 'block') bury(part)
  }
  return dead
}

function collectMentions(program: Program): Map<FunctionInfo, PyNode[]> {
  const mentions = new Map<FunctionInfo, PyNode[]>()
  const add = (fn: FunctionInfo, node: PyNode) => {
    const list = mentions.get(fn)
    if (list) list.push(node)
    else mentions.set(fn, [node])
  }
  const initialisers = new Map<PyNode, FunctionInfo[]>()
  for (const { node, binding } of program.definitionUses) {
    if (binding.fn) add(binding.fn, node)
    if (binding.cls) {
      let own = initialisers.get(binding.cls)
      if (!own) {
        own = program.functions.filter(fn => fn.className !== null && isInside(fn.node, binding.cls!))
        initialisers.set(binding.cls, own)
      }
      for (const fn of own) if (/^__\w+__$/.test(fn.name)) add(fn, node)
    }
  }
  if (program.methods.size > 0) {
    for (const node of program.tree.lists.attributes) {
      const name = node.children[1]
      for (const fn of (name && program.methods.get(textOf(program.tree, name))) ?? []) add(fn, node)
    }
  }
  return mentions
}

function findDeadBranches(program: Program): DeadBranch[] {
  const found: DeadBranch[] = []
  const { tree } = program
  for (const node of tree.lists.branches) {
    if (node.type === 'block' || node.type === 'module') {
      const at = node.children.findIndex(child => exits.has(child.type) || isExitCall(program, child))
      const last = node.children.at(-1)!
      // `return; yield` makes a function a generator and is deliberate.
      if (at >= 0 && at < node.children.length - 1 && !/^yield\b/.test(textOf(tree, last))) {
        found.push({ from: node.children[at + 1]!, to: last, why: 'after-exit' })
      }
    } else {
      const condition = node.children[0] && unwrap(node.children[0])
      const block = node.children[1]
      if (condition && block && isFalse(tree, condition)) {
        found.push({ from: block, to: block, why: 'false-condition' })
      }
    }
  }
  return found
}

function isFalse(tree: PyTree, condition: PyNode): boolean {
  return condition.end - condition.start <= 5 && /^(False|0|None|""|'')$/.test(textOf(tree, condition))
}

function isExitCall(program: Program, statement: PyNode): boolean {
  const call = statement.type === 'expression_statement' ? statement.children[0] : undefined
  if (call?.type !== 'call') return false
  const callee = program.callOf.get(call)?.callee
  return callee === 'sys.exit' || callee === 'exit' || callee === 'quit' || callee === 'os._exit'
}

/** A place that writes to the output. */
export interface Sink {
  readonly call: CallSite
  readonly at: PyNode
  /** What is written, keyword arguments left out. */
  readonly args: readonly PyNode[]
}

const writers = new Set([
  'print',
  'sys.stdout.write',
  'sys.stdout.writelines',
  'pprint.pprint',
  'pprint.pp',
  'os.write',
])

/** Every reached call that writes to standard output. */
export function findSinks(program: Program, reach: Reach): Sink[] {
  const sinks: Sink[] = []
  for (const call of program.calls) {
    if (!writers.has(call.callee) || !reach.isReached(call.node)) continue
    const toError = call.args.some(
      arg => arg.type === 'keyword_argument' && /^file\s*=\s*sys\.stderr/.test(textOf(program.tree, arg)),
    )
    const args = call.args.filter(arg => arg.type !== 'keyword_argument')
    if (!toError && args.length > 0) sinks.push({ call, at: call.node.statement, args })
  }
  return sinks
}

/** What the output depends on: a backward slice from the places that print. */
export interface Slice {
  readonly statements: readonly PyNode[]
  readonly functions: ReadonlySet<FunctionInfo>
  readonly bindings: ReadonlySet<Binding>
  /** Whether the node belongs to a statement that the output depends on. */
  has(node: PyNode): boolean
}

/**
 * Follows the output back through names, changes to objects, function results and the conditions around them.
 * Flow-insensitive and generous: what is outside the slice cannot influence the output; what is inside may.
 */
export function sliceFrom(program: Program, reach: Reach, starts: readonly PyNode[]): Slice {
  const slicer = new Slicer(program, reach)
  for (const start of starts) slicer.needStatement(start)
  slicer.run()
  const { statements, functions, bindings, needed } = slicer
  return { statements, functions, bindings, has: node => needed.has(node.statement) }
}

class Slicer {
  readonly statements: PyNode[] = []
  readonly needed: NodeSet
  readonly functions = new Set<FunctionInfo>()
  readonly bindings = new Set<Binding>()
  private readonly queue: PyNode[] = []
  private readonly program: Program
  private readonly reach: Reach

  constructor(program: Program, reach: Reach) {
    this.program = program
    this.reach = reach
    this.needed = new NodeSet(program.tree)
  }

  run(): void {
    for (let statement = this.queue.pop(); statement; statement = this.queue.pop()) this.expand(statement)
  }

  needStatement(node: PyNode): void {
    const statement = node.statement
    if (this.needed.has(statement) || !this.reach.isReached(statement)) return
    this.needed.add(statement)
    this.statements.push(statement)
    this.queue.push(statement)
  }

  private expand(statement: PyNode): void {
    for (const part of headerOf(statement)) this.needReads(part)
    if (isLoop(statement)) this.needExits(statement)
    for (let at = statement.parent; at; at = at.parent) {
      const fn = this.reach.functionAt.get(at)
      if (fn) {
        this.needCallers(fn)
        if (fn.node.type === 'function_definition') break
      }
      if (compound.has(at.type)) this.needStatement(at)
    }
  }

  private needReads(part: PyNode): void {
    walk(this.program.tree, part, node => {
      if (node.type === 'identifier') {
        const binding = this.program.refs.get(node)
        if (binding) this.needBinding(binding)
      } else if (node.type === 'attribute' && node.children[1]) {
        const name = textOf(this.program.tree, node.children[1])
        const binding = this.program.attributes.get(name)
        if (binding) this.needBinding(binding)
        for (const fn of this.program.methods.get(name) ?? []) this.needFunction(fn)
      }
    })
  }

  private needBinding(binding: Binding): void {
    if (this.bindings.has(binding)) return
    this.bindings.add(binding)
    if (binding.fn) this.needFunction(binding.fn)
    if (binding.cls) {
      for (const fn of this.program.functions) {
        if (fn.className === binding.name && /^__\w+__$/.test(fn.name)) this.needFunction(fn)
      }
    }
    for (const def of binding.defs) {
      if (def.kind !== 'function' && def.kind !== 'class') this.needStatement(def.at)
    }
  }

  private needFunction(fn: FunctionInfo): void {
    if (this.functions.has(fn)) return
    this.functions.add(fn)
    for (const result of fn.results) this.needStatement(result.at)
    for (const effect of fn.effects) this.needStatement(effect)
    if (fn.node.parent?.type === 'decorated_definition') this.needStatement(fn.node.parent)
  }

  private needCallers(fn: FunctionInfo): void {
    if (fn.name === '') return
    this.functions.add(fn)
    for (const mention of this.reach.mentions(fn)) this.needStatement(mention)
  }

  /** Whatever may leave a loop early decides how often the rest of it runs. */
  private needExits(loop: PyNode): void {
    walk(this.program.tree, loop, node => {
      if (node.type === 'function_definition' || node.type === 'lambda') return false
      if (exits.has(node.type)) this.needStatement(node)
      return true
    })
  }
}

export const compound = new Set([
  'if_statement',
  'elif_clause',
  'else_clause',
  'for_statement',
  'while_statement',
  'try_statement',
  'except_clause',
  'finally_clause',
  'with_statement',
  'match_statement',
  'case_clause',
])

export const isLoop = (node: PyNode): boolean => node.type === 'for_statement' || node.type === 'while_statement'

/** The parts of a statement that are evaluated by itself: for a compound statement the header, without its blocks. */
export function headerOf(statement: PyNode): readonly PyNode[] {
  if (statement.type === 'module') return []
  if (statement.type === 'decorated_definition') return statement.children.filter(c => c.type === 'decorator')
  if (statement.type === 'function_definition' || statement.type === 'class_definition') return []
  if (!compound.has(statement.type)) return [statement]
  return statement.children.filter(child => child.type !== 'block' && !compound.has(child.type))
}
