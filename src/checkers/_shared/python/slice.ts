import type { Binding, CallSite, FunctionInfo, Program } from './names.ts'
import { exits, isLoop, type Reach } from './reach.ts'
import { NodeSet, type PyNode, textOf, walk } from './tree.ts'

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
  /** Functions whose results are needed. */
  private readonly results = new Set<FunctionInfo>()
  /** Functions of which a statement is needed, and so their calls. */
  private readonly called = new Set<FunctionInfo>()
  private readonly calledMethods = new Set<string>()
  private readonly methodNames = new Set<string>()
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
        this.needMethods(name)
      }
    })
  }

  private needBinding(binding: Binding): void {
    if (this.bindings.has(binding)) return
    this.bindings.add(binding)
    if (binding.fn) this.needFunction(binding.fn)
    if (binding.cls) {
      for (const fn of this.program.dunders.get(binding.name) ?? []) this.needFunction(fn)
    }
    for (const def of binding.defs) {
      if (def.kind !== 'function' && def.kind !== 'class') this.needStatement(def.at)
    }
  }

  private needMethods(name: string): void {
    if (this.methodNames.has(name)) return
    this.methodNames.add(name)
    for (const fn of this.program.methods.get(name) ?? []) this.needFunction(fn)
  }

  private needFunction(fn: FunctionInfo): void {
    if (this.results.has(fn)) return
    this.results.add(fn)
    this.functions.add(fn)
    for (const result of fn.results) this.needStatement(result.at)
    for (const effect of fn.effects) this.needStatement(effect)
    if (fn.node.parent?.type === 'decorated_definition') this.needStatement(fn.node.parent)
  }

  private needCallers(fn: FunctionInfo): void {
    if (fn.name === '' || this.called.has(fn)) return
    this.called.add(fn)
    this.functions.add(fn)
    for (const mention of this.reach.mentions(fn)) this.needStatement(mention)
    if (fn.className === null || this.calledMethods.has(fn.name)) return
    this.calledMethods.add(fn.name)
    for (const mention of this.reach.attributesNamed(fn.name)) this.needStatement(mention)
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

/** The parts of a statement that are evaluated by itself: for a compound statement the header, without its blocks. */
export function headerOf(statement: PyNode): readonly PyNode[] {
  if (statement.type === 'module') return []
  if (statement.type === 'decorated_definition') return statement.children.filter(c => c.type === 'decorator')
  if (statement.type === 'function_definition' || statement.type === 'class_definition') return []
  if (!compound.has(statement.type)) return [statement]
  return statement.children.filter(child => child.type !== 'block' && !compound.has(child.type))
}
