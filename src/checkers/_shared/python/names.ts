import type { NodeMap, PyNode, PyTree } from './tree.ts'

export type DefKind =
  | 'assign' // name = value
  | 'part' // name, other = value
  | 'element' // for name in value
  | 'augment' // name += value
  | 'mutate' // name[...] = value, name.append(value), f(name)
  | 'param'
  | 'import'
  | 'function'
  | 'class'

/** One place that gives a name its value, or changes it. */
export interface Def {
  readonly kind: DefKind
  /** The statement (or comprehension clause, or definition) that does it. */
  readonly at: PyNode
  readonly value: PyNode | null
  /** For a mutation: the method called, `[]` for an element, `()` for being passed on. */
  readonly by?: string
}

export interface Binding {
  /** Counts from 0 within a program. */
  readonly id: number
  readonly name: string
  readonly scope: Scope
  readonly defs: Def[]
  /** Where an imported name comes from, e.g. `itertools.permutations`. */
  qualified: string | null
  fn: FunctionInfo | null
  cls: PyNode | null
}

export interface Scope {
  readonly kind: 'module' | 'function' | 'class' | 'comprehension'
  readonly node: PyNode
  readonly parent: Scope | null
  readonly names: Map<string, Binding>
  /** Names declared `global` or `nonlocal` here; null when there are none. */
  outer: Map<string, 'global' | 'nonlocal'> | null
}

export interface FunctionInfo {
  /** Empty for a lambda without a name. */
  readonly name: string
  readonly node: PyNode
  readonly scope: Scope
  readonly params: readonly Binding[]
  /** Return statements, yields, or the body of a lambda. */
  readonly results: { readonly at: PyNode; readonly value: PyNode | null }[]
  /** Statements inside that change something which outlives the call. */
  readonly effects: PyNode[]
  readonly className: string | null
  readonly decorators: readonly PyNode[]
  isGenerator: boolean
}

export interface CallSite {
  readonly node: PyNode
  readonly scope: Scope
  /** Dotted name with import aliases resolved; `.name` for a method of an unknown object; '' when it has no name. */
  readonly callee: string
  readonly fns: readonly FunctionInfo[]
  readonly args: readonly PyNode[]
}

/** Names, functions and calls of one program, resolved. */
export interface Program {
  readonly tree: PyTree
  readonly module: Scope
  readonly functions: readonly FunctionInfo[]
  readonly calls: readonly CallSite[]
  readonly callOf: NodeMap<CallSite>
  /** What an identifier that is read refers to. */
  readonly refs: NodeMap<Binding>
  /** The identifiers among these that refer to a function or a class. */
  readonly definitionUses: readonly { readonly node: PyNode; readonly binding: Binding }[]
  /** Attributes by name, whatever the object: `self.board`. */
  readonly attributes: ReadonlyMap<string, Binding>
  readonly methods: ReadonlyMap<string, readonly FunctionInfo[]>
  /** `__init__` and the like, by the name of their class. */
  readonly dunders: ReadonlyMap<string, readonly FunctionInfo[]>
  /** Loops, comprehension clauses and branches, in source order. */
  readonly loops: readonly PyNode[]
  readonly imports: readonly Binding[]
  readonly wildcards: readonly string[]
}

export const mutators = new Set(
  'append add insert extend update pop popleft popitem remove sort reverse clear discard appendleft extendleft setdefault rotate put push write'.split(
    ' ',
  ),
)

const comprehensions = new Set([
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
])
export const isComprehension = (node: PyNode): boolean => comprehensions.has(node.type)

/** Python's rule: innermost scope first, class bodies only from directly inside. */
export function lookUp(scope: Scope, name: string): Binding | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    if (at.kind === 'class' && at !== scope) continue
    const outer = at.outer?.get(name)
    if (outer === 'global') {
      let top = at
      while (top.parent) top = top.parent
      return top.names.get(name) ?? null
    }
    const found = outer ? undefined : at.names.get(name)
    if (found) return found
  }
  return null
}

/** Adds to the list that a map holds for a key. */
export function append<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
}
