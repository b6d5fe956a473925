import { append, type FunctionInfo, type Program } from './names.ts'
import { NodeMap, NodeSet, type PyNode, type PyTree, textOf, unwrap, walk } from './tree.ts'

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
  /** Places in reached code that mention a function or its class by name. */
  mentions(fn: FunctionInfo): readonly PyNode[]
  /** Attributes in reached code with the name of some method, whatever their object. */
  attributesNamed(method: string): readonly PyNode[]
}

export const exits = new Set(['return_statement', 'raise_statement', 'break_statement', 'continue_statement'])

export const isLoop = (node: PyNode): boolean => node.type === 'for_statement' || node.type === 'while_statement'

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
  const mentions = collectMentions(program)
  const reachedFunctions = reachFrom(program, mentions, functionAt, deadRoots)
  const dead = deadStatements(program, buried, reachedFunctions)
  const isReached = dead.size === 0 ? () => true : (node: PyNode): boolean => !dead.has(node.statement)
  return {
    deadBranches,
    reachedFunctions,
    functionAt,
    isReached,
    mentions: fn => mentionsOf(mentions, fn).filter(isReached),
    attributesNamed: method => (mentions.attributes.get(method) ?? []).filter(isReached),
  }
}

/** Functions become reached by being mentioned in reached code; dunder methods and lambdas always count as reached. */
function reachFrom(
  program: Program,
  { direct, attributes }: Mentions,
  functionAt: NodeMap<FunctionInfo>,
  deadRoots: NodeSet,
): Set<FunctionInfo> {
  const mentionedBy = new Map<FunctionInfo | null, (readonly FunctionInfo[])[]>()
  const note = (mentioned: readonly FunctionInfo[], nodes: readonly PyNode[]) => {
    const users = new Set(nodes.map(node => userOf(node, functionAt, deadRoots)))
    for (const user of users) if (user !== 'dead') append(mentionedBy, user, mentioned)
  }
  for (const [fn, nodes] of direct) note([fn], nodes)
  for (const [name, nodes] of attributes) note(program.methods.get(name)!, nodes)
  const reached = new Set<FunctionInfo>()
  const pending: (FunctionInfo | null)[] = [null]
  const take = (fn: FunctionInfo) => {
    if (reached.has(fn)) return
    reached.add(fn)
    pending.push(fn)
  }
  for (const fn of program.functions) {
    if (fn.node.type === 'lambda' || isDunder(fn)) take(fn)
  }
  for (let user = pending.pop(); user !== undefined; user = pending.pop()) {
    for (const mentioned of mentionedBy.get(user) ?? []) mentioned.forEach(take)
    mentionedBy.delete(user)
  }
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

interface Mentions {
  readonly direct: ReadonlyMap<FunctionInfo, readonly PyNode[]>
  /** By the definition of the class. */
  readonly classes: ReadonlyMap<PyNode, readonly PyNode[]>
  /** By the name of a method: methods of one name share their mentions. */
  readonly attributes: ReadonlyMap<string, readonly PyNode[]>
}

function collectMentions(program: Program): Mentions {
  const direct = new Map<FunctionInfo, PyNode[]>()
  const classes = new Map<PyNode, PyNode[]>()
  for (const { node, binding } of program.definitionUses) {
    if (binding.fn) append(direct, binding.fn, node)
    if (binding.cls) append(classes, binding.cls, node)
  }
  const attributes = new Map<string, PyNode[]>()
  if (program.methods.size > 0) {
    for (const node of program.tree.lists.attributes) {
      const name = node.children[1] && textOf(program.tree, node.children[1])
      if (name !== undefined && program.methods.has(name)) append(attributes, name, node)
    }
  }
  return { direct, classes, attributes }
}

/** Where a function is mentioned by its name, or one that making an object calls by the name of its class. */
function mentionsOf({ direct, classes }: Mentions, fn: FunctionInfo): readonly PyNode[] {
  const own = direct.get(fn) ?? []
  if (!isDunder(fn)) return own
  const all = [...own]
  for (let at = fn.node.parent; at; at = at.parent) {
    const uses = at.type === 'class_definition' ? classes.get(at) : undefined
    if (uses) all.push(...uses)
  }
  return all
}

const isDunder = (fn: FunctionInfo): boolean => fn.className !== null && /^__\w+__$/.test(fn.name)

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
