import { type Binding, type CallSite, type FunctionInfo, lookUp, type Scope } from './names.ts'
import { NodeMap, type PyNode, type PyTree, textOf } from './tree.ts'

/** A method of this many classes could be any of them: following all costs their number times that of the calls. */
const mostNamesakes = 64

/** Finds out what each call calls, and carries values and changes between arguments and parameters. */
export class CallLinker {
  private readonly tree: PyTree
  private readonly refs: NodeMap<Binding>
  private readonly methods: ReadonlyMap<string, readonly FunctionInfo[]>
  private readonly dunders: ReadonlyMap<string, readonly FunctionInfo[]>
  private readonly initialisers = new Map<string, readonly FunctionInfo[]>()
  private readonly mutated = new Map<Binding, boolean>()
  private readonly passed = new Map<Binding, Set<PyNode>>()

  private readonly names = { '': new Map<string, string>(), local: new Map<string, string>() }

  constructor(
    tree: PyTree,
    refs: NodeMap<Binding>,
    methods: ReadonlyMap<string, readonly FunctionInfo[]>,
    dunders: ReadonlyMap<string, readonly FunctionInfo[]>,
  ) {
    this.tree = tree
    this.refs = refs
    this.methods = methods
    this.dunders = dunders
  }

  callSite(node: PyNode, scope: Scope): CallSite {
    const args = node.children[1]
    const list = args?.type === 'argument_list' ? args.children : args ? [args] : []
    const { name, fns } = this.calleeOf(node.children[0]!, scope)
    return { node, scope, callee: name, fns, args: list }
  }

  private calleeOf(callee: PyNode, scope: Scope): { name: string; fns: readonly FunctionInfo[] } {
    if (callee.type === 'identifier') {
      const name = textOf(this.tree, callee)
      const binding = lookUp(scope, name)
      if (!binding) return { name, fns: [] }
      if (binding.fn) return { name: this.joined('local', name), fns: [binding.fn] }
      if (binding.cls) return { name: this.joined('local', name), fns: this.initialisersOf(name) }
      return { name: binding.qualified ?? this.joined('local', name), fns: [] }
    }
    if (callee.type !== 'attribute' || !callee.children[1]) return { name: '', fns: [] }
    const method = textOf(this.tree, callee.children[1])
    const owner = this.calleeOf(callee.children[0]!, scope).name
    const isModule = owner !== '' && !owner.startsWith('.') && !owner.startsWith('local.')
    if (isModule && this.isImported(callee, scope)) return { name: `${owner}.${method}`, fns: [] }
    const fns = this.methods.get(method) ?? []
    return { name: this.joined('', method), fns: fns.length > mostNamesakes ? [] : fns }
  }

  /** `first.second`, made once per pair: later rules look these names up in sets, which hashes a new string each time. */
  private joined(first: '' | 'local', second: string): string {
    const known = this.names[first].get(second)
    if (known !== undefined) return known
    const name = `${first}.${second}`
    this.names[first].set(second, name)
    return name
  }

  private isImported(node: PyNode, scope: Scope): boolean {
    let root = node
    while (root.type === 'attribute') root = root.children[0]!
    return root.type === 'identifier' && !!lookUp(scope, textOf(this.tree, root))?.qualified
  }

  private initialisersOf(className: string): readonly FunctionInfo[] {
    let own = this.initialisers.get(className)
    if (!own) {
      own = (this.dunders.get(className) ?? []).filter(fn => fn.name === '__init__')
      this.initialisers.set(className, own)
    }
    return own
  }

  /** Gives parameters the values that calls pass. */
  bindArguments(call: CallSite): void {
    for (const fn of call.fns) {
      let position = fn.className ? 1 : 0
      for (const arg of call.args) {
        if (arg.type === 'keyword_argument') {
          const name = textOf(this.tree, arg.children[0]!)
          const param = fn.params.find((p, i) => p.name === name && !(i === 0 && fn.className))
          param?.defs.push({ kind: 'param', at: call.node, value: arg.children[1] ?? null })
        } else fn.params[position++]?.defs.push({ kind: 'param', at: call.node, value: arg })
      }
    }
  }

  /** An argument whose parameter the function changes is changed by the call. */
  passOn(call: CallSite): void {
    for (const fn of call.fns) {
      const offset = fn.className ? 1 : 0
      for (let i = 0; i < call.args.length; i++) {
        const arg = call.args[i]!
        const param = fn.params[i + offset]
        const binding = arg.type === 'identifier' ? this.refs.get(arg) : undefined
        if (!param || !binding || param === binding || !this.isMutated(param)) continue
        const passed = this.placesPassedOn(binding)
        const at = call.node.statement
        if (passed.has(at)) continue
        passed.add(at)
        this.mutated.set(binding, true)
        binding.defs.push({ kind: 'mutate', at, value: call.node, by: '()' })
      }
    }
  }

  private isMutated(binding: Binding): boolean {
    let is = this.mutated.get(binding)
    if (is === undefined) {
      is = binding.defs.some(def => def.kind === 'mutate')
      this.mutated.set(binding, is)
    }
    return is
  }

  private placesPassedOn(binding: Binding): Set<PyNode> {
    let places = this.passed.get(binding)
    if (!places) {
      places = new Set(binding.defs.filter(def => def.by === '()').map(def => def.at))
      this.passed.set(binding, places)
    }
    return places
  }
}

/** Notes on every function what it changes that outlives the call. */
export function collectEffects(
  tree: PyTree,
  functions: readonly FunctionInfo[],
  module: Scope,
  attributes: ReadonlyMap<string, Binding>,
): void {
  if (functions.length === 0) return
  const owned = new NodeMap<FunctionInfo>(tree)
  for (const fn of functions) owned.set(fn.node, fn)
  const record = (binding: Binding, outlives: boolean) => {
    for (const def of binding.defs) {
      if (def.kind === 'param' || def.kind === 'import' || def.kind === 'function' || def.kind === 'class') continue
      const fn = enclosingFunction(def.at, owned)
      if (fn && (outlives || fn.scope !== binding.scope)) fn.effects.push(def.at)
    }
  }
  for (const binding of module.names.values()) record(binding, true)
  for (const binding of attributes.values()) record(binding, true)
  for (const fn of functions) {
    for (const param of fn.params) {
      for (const def of param.defs) if (def.kind === 'mutate') fn.effects.push(def.at)
    }
    for (const binding of fn.scope.names.values()) record(binding, false)
  }
}

function enclosingFunction(node: PyNode, owned: NodeMap<FunctionInfo>): FunctionInfo | null {
  for (let at: PyNode | null = node; at; at = at.parent) {
    const fn = owned.get(at)
    if (fn) return fn
  }
  return null
}
