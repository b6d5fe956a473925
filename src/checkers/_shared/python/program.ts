import { Binder } from './bind.ts'
import { CallLinker, collectEffects } from './calls.ts'
import {
  append,
  type Binding,
  type CallSite,
  type FunctionInfo,
  lookUp,
  mutators,
  type Program,
  type Scope,
} from './names.ts'
import { NodeMap, type PyNode, type PyTree, textOf } from './tree.ts'

export type { Binding, CallSite, Def, FunctionInfo, Program, Scope } from './names.ts'
export { isComprehension } from './names.ts'

/** Builds the resolved program. Total; time linear in the number of nodes. */
export function readProgram(tree: PyTree): Program {
  return new Reader(tree).read()
}

class Reader {
  private readonly tree: PyTree
  private readonly functions: FunctionInfo[] = []
  private readonly rawCalls: { node: PyNode; scope: Scope }[] = []
  private readonly rawRefs: { node: PyNode; name: string; scope: Scope }[] = []
  private readonly refs: NodeMap<Binding>
  private readonly methods = new Map<string, FunctionInfo[]>()
  private readonly dunders = new Map<string, FunctionInfo[]>()
  private readonly loops: PyNode[] = []
  private readonly imports: Binding[] = []
  private readonly wildcards: string[] = []
  /** Functions that change what they are given are worth looking for. */
  private readonly mayPush: boolean
  private readonly owners: FunctionInfo[] = []
  private readonly module: Scope
  private readonly binder: Binder

  constructor(tree: PyTree) {
    this.tree = tree
    this.refs = new NodeMap(tree)
    this.mayPush = /heappush|heapify|heappop|shuffle/.test(tree.source)
    this.module = newScope('module', tree.root, null)
    this.binder = new Binder(tree, this.module)
  }

  read(): Program {
    this.visitAll(this.tree.root.children, this.module)
    const definitionUses: { node: PyNode; binding: Binding }[] = []
    for (const { node, name, scope } of this.rawRefs) {
      const binding = lookUp(scope, name)
      if (!binding) continue
      this.refs.set(node, binding)
      if (binding.fn || binding.cls) definitionUses.push({ node, binding })
    }
    const linker = new CallLinker(this.tree, this.refs, this.methods, this.dunders)
    const calls = this.rawCalls.map(({ node, scope }) => linker.callSite(node, scope))
    const callOf = new NodeMap<CallSite>(this.tree)
    for (const call of calls) callOf.set(call.node, call)
    for (const call of calls) linker.bindArguments(call)
    for (const apply of this.deferred) apply()
    for (let round = 0; round < 2; round++) for (const call of calls) linker.passOn(call)
    const { tree, module, functions, refs, methods, dunders, loops, imports, wildcards } = this
    const { attributes } = this.binder
    collectEffects(tree, functions, module, attributes)
    const uses = { refs, definitionUses, attributes, methods, dunders }
    return { tree, module, functions, calls, callOf, ...uses, loops, imports, wildcards }
  }

  private visitAll(nodes: readonly PyNode[], scope: Scope): void {
    for (const node of nodes) this.visit(node, scope)
  }

  private visit(node: PyNode, scope: Scope): void {
    const kids = node.children
    switch (node.type) {
      case 'identifier':
        this.rawRefs.push({ node, name: textOf(this.tree, node), scope })
        return
      case 'function_definition':
        this.visitFunction(node, scope)
        return
      case 'lambda':
        this.visitLambda(node, scope)
        return
      case 'class_definition':
        this.visitClass(node, scope)
        return
      case 'assignment':
        this.visitAssignment(node, scope)
        return
      case 'augmented_assignment':
        if (kids.length < 2) break
        this.binder.bindTarget(kids[0]!, kids[1]!, node, 'augment', scope)
        this.visitAll(kids, scope)
        return
      case 'named_expression':
        if (kids.length < 2) break
        this.binder.bindTarget(kids[0]!, kids[1]!, node.statement, 'assign', functionScope(scope))
        this.visit(kids[1]!, scope)
        return
      case 'for_statement':
        this.loops.push(node)
        this.binder.bindTarget(kids[0]!, kids[1] ?? null, node, 'element', scope)
        this.visitTarget(kids[0]!, scope)
        this.visitAll(kids.slice(1), scope)
        return
      case 'while_statement':
        this.loops.push(node)
        break
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        this.visitComprehension(node, scope)
        return
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        this.visitImport(node, scope)
        return
      case 'global_statement':
      case 'nonlocal_statement': {
        // At module level `global` says nothing and `nonlocal` is refused.
        if (scope.kind === 'module') return
        const kind = node.type === 'global_statement' ? 'global' : 'nonlocal'
        scope.outer ??= new Map()
        for (const name of kids) scope.outer.set(textOf(this.tree, name), kind)
        return
      }
      case 'return_statement':
        this.owners.at(-1)?.results.push({ at: node, value: kids[0] ?? null })
        break
      case 'yield': {
        const owner = this.owners.at(-1)
        if (owner) owner.isGenerator = true
        owner?.results.push({ at: node.statement, value: kids[0] ?? null })
        break
      }
      case 'as_pattern':
        // `with open(f) as g`, `except E as e`, `case [x] as y`: the alias is the last child.
        if (kids.length > 1) this.binder.bindTarget(unwrapAlias(kids.at(-1)!), kids[0]!, node.statement, 'part', scope)
        this.visit(kids[0] ?? node.parent!, scope)
        return
      case 'case_pattern':
        this.binder.bindPattern(node, scope)
        return
      case 'attribute':
        this.visit(kids[0]!, scope)
        return
      case 'keyword_argument':
        this.visitAll(kids.slice(1), scope)
        return
      case 'delete_statement':
        for (const kid of kids) this.binder.bindTarget(kid, null, node, 'mutate', scope)
        break
      case 'call':
        this.visitCall(node, scope)
        break
      case 'type':
        return
    }
    this.visitAll(kids, scope)
  }

  private visitFunction(node: PyNode, scope: Scope): void {
    const name = textOf(this.tree, node.children[0]!)
    const decorated = node.parent?.type === 'decorated_definition' ? node.parent : null
    const decorators = decorated ? decorated.children.filter(c => c.type === 'decorator') : []
    const inner = newScope('function', node, scope)
    const parameters = node.children.find(c => c.type === 'parameters')
    const params = this.bindParameters(parameters, node, inner, scope)
    const className = scope.kind === 'class' ? textOf(this.tree, scope.node.children[0]!) : null
    const fn = this.newFunction(name, node, inner, params, className, decorators)
    const binding = this.binder.bind(scope, name)
    binding.fn = fn
    binding.defs.push({ kind: 'function', at: node, value: null })
    if (className !== null) this.noteMethod(name, className, fn)
    this.owners.push(fn)
    for (const child of node.children) if (child.type === 'block') this.visit(child, inner)
    this.owners.pop()
  }

  private noteMethod(name: string, className: string, fn: FunctionInfo): void {
    append(this.methods, name, fn)
    if (/^__\w+__$/.test(name)) append(this.dunders, className, fn)
  }

  private visitLambda(node: PyNode, scope: Scope): void {
    const inner = newScope('function', node, scope)
    const params = this.bindParameters(
      node.children.find(c => c.type === 'lambda_parameters'),
      node,
      inner,
      scope,
    )
    const body = node.children.at(-1)
    const target = node.parent?.type === 'assignment' ? node.parent.children[0]! : null
    const name = target?.type === 'identifier' ? textOf(this.tree, target) : ''
    const fn = this.newFunction(name, node, inner, params, null, [])
    if (body) fn.results.push({ at: node.statement, value: body })
    if (name) this.binder.bind(scope, name).fn = fn
    if (body && body.type !== 'lambda_parameters') this.visit(body, inner)
  }

  private newFunction(
    name: string,
    node: PyNode,
    scope: Scope,
    params: readonly Binding[],
    className: string | null,
    decorators: readonly PyNode[],
  ): FunctionInfo {
    const fn: FunctionInfo = {
      name,
      node,
      scope,
      params,
      results: [],
      effects: [],
      className,
      decorators,
      isGenerator: false,
    }
    this.functions.push(fn)
    return fn
  }

  private bindParameters(list: PyNode | undefined, at: PyNode, inner: Scope, outer: Scope): Binding[] {
    const params: Binding[] = []
    for (const item of list?.children ?? []) {
      const name = item.type === 'identifier' ? item : firstIdentifier(item)
      if (!name) continue
      const hasDefault = item.type === 'default_parameter' || item.type === 'typed_default_parameter'
      const value = hasDefault ? item.children.at(-1)! : null
      const binding = this.binder.bind(inner, textOf(this.tree, name))
      binding.defs.push({ kind: 'param', at, value })
      params.push(binding)
      if (value) this.visit(value, outer)
    }
    return params
  }

  private visitClass(node: PyNode, scope: Scope): void {
    const binding = this.binder.bind(scope, textOf(this.tree, node.children[0]!))
    binding.cls = node
    binding.defs.push({ kind: 'class', at: node, value: null })
    const inner = newScope('class', node, scope)
    for (const child of node.children.slice(1)) this.visit(child, child.type === 'block' ? inner : scope)
  }

  private visitAssignment(node: PyNode, scope: Scope): void {
    const [left, ...rest] = node.children
    if (!left) return
    const right = rest.find(c => c.type !== 'type')
    if (right) {
      let value = right
      while (value.type === 'assignment' && value.children.length > 1) value = value.children.at(-1)!
      this.binder.bindTarget(left, value, node.statement, 'assign', scope)
      this.visit(right, scope)
    }
    this.visitTarget(left, scope)
  }

  /** Reads inside a target: the indices and objects of `a[i].b = …`. */
  private visitTarget(target: PyNode, scope: Scope): void {
    if (target.type === 'identifier') return
    if (target.type === 'subscript' || target.type === 'attribute') this.visit(target, scope)
    else for (const child of target.children) this.visitTarget(child, scope)
  }

  private visitComprehension(node: PyNode, scope: Scope): void {
    const inner = newScope('comprehension', node, scope)
    const [body, ...clauses] = node.children
    for (const clause of clauses) {
      if (clause.type === 'for_in_clause') {
        this.loops.push(clause)
        const [target, ...sources] = clause.children
        if (target) this.binder.bindTarget(target, sources[0] ?? null, clause, 'element', inner)
        this.visitAll(sources, inner)
      } else this.visit(clause, inner)
    }
    if (body) this.visit(body, inner)
  }

  private visitImport(node: PyNode, scope: Scope): void {
    if (node.type === 'future_import_statement') return
    const isFrom = node.type === 'import_from_statement'
    const module = isFrom && node.children[0] ? textOf(this.tree, node.children[0]) : ''
    for (const item of isFrom ? node.children.slice(1) : node.children) {
      if (item.type === 'wildcard_import') {
        this.wildcards.push(module)
        continue
      }
      const aliased = item.type === 'aliased_import'
      const path = textOf(this.tree, aliased ? item.children[0]! : item)
      const alias = aliased && item.children[1] ? textOf(this.tree, item.children[1]) : null
      const binding = this.binder.bind(scope, alias ?? (isFrom ? path : path.split('.')[0]!))
      binding.qualified = isFrom ? `${module}.${path}` : alias ? path : path.split('.')[0]!
      binding.defs.push({ kind: 'import', at: node, value: null })
      this.imports.push(binding)
    }
  }

  private visitCall(node: PyNode, scope: Scope): void {
    this.rawCalls.push({ node, scope })
    const callee = node.children[0]!
    const args = node.children[1]
    const at = node.statement
    const alone = node.parent?.type === 'expression_statement'
    if (callee.type === 'attribute' && callee.children[1]) {
      const method = textOf(this.tree, callee.children[1])
      if (mutators.has(method) || alone) {
        this.deferred.push(() => this.binder.mutate(callee.children[0]!, args ?? null, at, method, scope))
      }
    }
    const name = callee.type === 'identifier' ? textOf(this.tree, callee) : ''
    const pushes = this.mayPush && /heappush|heapify|heappop|shuffle/.test(textOf(this.tree, callee))
    if ((alone || pushes) && name !== 'print') {
      for (const arg of args?.children ?? []) {
        if (arg.type === 'identifier' || arg.type === 'subscript' || arg.type === 'attribute') {
          this.deferred.push(() => this.binder.mutate(arg, args ?? null, at, '()', scope))
        }
      }
    }
  }

  /** Mutations wait until every name of the program is bound: a function may change a global that is set below it. */
  private readonly deferred: (() => void)[] = []
}

function newScope(kind: Scope['kind'], node: PyNode, parent: Scope | null): Scope {
  return { kind, node, parent, names: new Map(), outer: null }
}

function functionScope(scope: Scope): Scope {
  let at = scope
  while (at.kind === 'comprehension' && at.parent) at = at.parent
  return at
}

function firstIdentifier(node: PyNode): PyNode | null {
  for (const child of node.children) {
    if (child.type === 'identifier') return child
    if (child.type === 'type') return null
    const inner = firstIdentifier(child)
    if (inner) return inner
  }
  return null
}

function unwrapAlias(node: PyNode): PyNode {
  return node.type === 'as_pattern_target' && node.children[0] ? node.children[0] : node
}
