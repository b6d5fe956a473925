import { type Binding, type DefKind, lookUp, type Scope } from './names.ts'
import { type PyNode, type PyTree, textOf, unwrap } from './tree.ts'

/** Notes which names and attributes a program sets and changes, and where. */
export class Binder {
  /** Attributes by name, whatever the object. */
  readonly attributes = new Map<string, Binding>()
  private readonly tree: PyTree
  private readonly module: Scope
  private bindingCount = 0

  constructor(tree: PyTree, module: Scope) {
    this.tree = tree
    this.module = module
  }

  /** Names that a `case` pattern captures. */
  bindPattern(node: PyNode, scope: Scope): void {
    for (const child of node.children) {
      if (child.type === 'dotted_name' && !textOf(this.tree, child).includes('.')) {
        this.bindTarget(child, null, node.statement, 'part', scope)
      } else this.bindPattern(child, scope)
    }
  }

  /** Everything that the target of an assignment, a loop or a `del` sets or changes. */
  bindTarget(target: PyNode, value: PyNode | null, at: PyNode, kind: DefKind, scope: Scope): void {
    switch (target.type) {
      case 'identifier':
      case 'dotted_name':
        this.bind(scope, textOf(this.tree, target)).defs.push({ kind, at, value })
        return
      case 'subscript':
      case 'attribute':
        this.mutate(target, value, at, '[]', scope)
        return
    }
    const parts = target.children
    const inner = value ? unwrap(value) : null
    const pairs = inner && (inner.type === 'tuple' || inner.type === 'expression_list' || inner.type === 'list')
    const pairwise = kind === 'assign' && pairs && inner.children.length === parts.length
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!
      if (pairwise) this.bindTarget(part, inner.children[i]!, at, 'assign', scope)
      else this.bindTarget(part, value, at, kind === 'assign' ? 'part' : kind, scope)
    }
  }

  /** Records that the object behind `a[i].b` changes: the name at its root and every attribute on the way. */
  mutate(target: PyNode, value: PyNode | null, at: PyNode, by: string, scope: Scope): void {
    let node = target
    while (node.type === 'subscript' || node.type === 'attribute' || node.type === 'parenthesized_expression') {
      if (node.type === 'attribute' && node.children[1]) {
        const kind = node === target && by === '[]' ? 'assign' : 'mutate'
        this.attribute(textOf(this.tree, node.children[1])).defs.push({ kind, at, value, by })
      }
      node = node.children[0]!
      if (!node) return
    }
    if (node.type === 'identifier') {
      const binding = lookUp(scope, textOf(this.tree, node)) ?? this.bind(scope, textOf(this.tree, node))
      binding.defs.push({ kind: 'mutate', at, value, by })
    }
  }

  private attribute(name: string): Binding {
    let binding = this.attributes.get(name)
    if (!binding) {
      binding = this.newBinding(`.${name}`, this.module)
      this.attributes.set(name, binding)
    }
    return binding
  }

  private newBinding(name: string, scope: Scope): Binding {
    return { id: this.bindingCount++, name, scope, defs: [], qualified: null, fn: null, cls: null }
  }

  /** The binding of a name that is set in a scope, made on first use. */
  bind(scope: Scope, name: string): Binding {
    const outer = scope.outer?.get(name)
    if (outer) {
      const there = outer === 'global' ? this.module : (scope.parent ?? this.module)
      const known = outer === 'nonlocal' ? lookUp(there, name) : there.names.get(name)
      if (known) return known
      return this.bind(this.module, name)
    }
    let binding = scope.names.get(name)
    if (!binding) {
      binding = this.newBinding(name, scope)
      scope.names.set(name, binding)
    }
    return binding
  }
}
