import type { Language, Tree } from 'web-tree-sitter'

/** A node of the syntax tree as plain data: named nodes only, comments left out. */
export interface PyNode {
  readonly type: string
  /** Place in source order, parents first. Everything below the node has the ids up to `endId`, exclusive. */
  readonly id: number
  readonly endId: number
  /** UTF-16 offsets into the normalised source, end exclusive. */
  readonly start: number
  readonly end: number
  /** 1-based. */
  readonly line: number
  readonly children: readonly PyNode[]
  readonly parent: PyNode | null
  /** Position among the parent's children. */
  readonly index: number
  /** The statement or clause that the node belongs to, itself when it is one. */
  readonly statement: PyNode
}

class BuiltNode implements PyNode {
  readonly type: string
  readonly id: number
  endId: number
  readonly start: number
  readonly end: number
  readonly line: number
  children: PyNode[]
  /** How many children there will be. */
  childCount = 0
  readonly parent: BuiltNode | null
  readonly index: number
  readonly statement: PyNode

  constructor(
    id: number,
    type: string,
    start: number,
    end: number,
    line: number,
    parent: BuiltNode | null,
    isStatement: boolean,
  ) {
    this.id = id
    this.endId = id + 1
    this.type = type
    this.start = start
    this.end = end
    this.line = line
    this.children = none
    this.parent = parent
    this.index = parent ? parent.childCount++ : 0
    this.statement = parent && !isStatement ? parent.statement : this
  }
}

/** Most nodes have no children; they share this list. */
const none: PyNode[] = []

/** What becomes of a node of some type. */
const dropped = 1
const blanked = 2
const leaf = 4
const text = 8
const clause = 16
const operator = 32
const branch = 64
const attribute = 128
const work = 256

/** Node types whose children say nothing that the analysis needs. */
const leafTypes = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'ellipsis',
  'string_content',
  'dotted_name',
  'pass_statement',
  'break_statement',
  'continue_statement',
  'type_conversion',
  'import_prefix',
])
const droppedTypes = new Set(['comment', 'line_continuation', 'string_start', 'string_content', 'string_end'])
const clauses = new Set(['elif_clause', 'else_clause', 'except_clause', 'finally_clause', 'case_clause'])

const branchTypes = new Set(['block', 'module', 'if_statement', 'while_statement', 'elif_clause'])
const operatorTypes = new Set([
  'binary_operator',
  'augmented_assignment',
  'boolean_operator',
  'not_operator',
  'comparison_operator',
  'if_statement',
  'elif_clause',
  'if_clause',
  'conditional_expression',
  'match_statement',
  'slice',
])
const workTypes = new Set([
  'call',
  'assignment',
  'augmented_assignment',
  'for_statement',
  'while_statement',
  'if_statement',
  'function_definition',
  'print_statement',
])

/** The id that tree-sitter gives to places where the grammar failed. */
export const errorSymbol = 65535

/** The types of a language by symbol id, with what to do with each. */
export class NodeTypes {
  readonly names: readonly string[]
  private readonly traits: Uint16Array

  constructor(language: Language) {
    // Names that come out of WebAssembly are compared letter by letter; property keys are compared by identity.
    this.names = Array.from(language.types, name => Object.keys({ [name ?? 'ERROR']: 0 })[0]!)
    this.traits = Uint16Array.from(this.names, traitsOf)
  }

  nameOf(symbol: number): string {
    return this.names[symbol] ?? 'ERROR'
  }

  traitsOf(symbol: number): number {
    return this.traits[symbol] ?? 0
  }
}

function traitsOf(name: string): number {
  let traits = 0
  if (droppedTypes.has(name)) traits |= dropped
  if (name === 'comment' || name === 'string_content') traits |= blanked
  if (leafTypes.has(name)) traits |= leaf
  if (name === 'string') traits |= text
  if (clauses.has(name)) traits |= clause
  if (operatorTypes.has(name)) traits |= operator
  if (branchTypes.has(name)) traits |= branch
  if (name === 'attribute') traits |= attribute
  if (workTypes.has(name)) traits |= work
  return traits
}

/** Nodes that some rule looks for in the whole program, in source order, so that no rule walks all of it. */
export interface NodeLists {
  /** Operators, tests and slices. */
  readonly operators: readonly PyNode[]
  /** Blocks, and statements that run one of them under a condition. */
  readonly branches: readonly PyNode[]
  readonly attributes: readonly PyNode[]
  /** Something is called, set, repeated or defined. */
  readonly hasWork: boolean
}

/** What a copied tree is made of. */
export interface BuiltTree {
  readonly root: PyNode
  readonly depth: number
  /** Every node at the place that its id says. */
  readonly nodes: readonly PyNode[]
  readonly lists: NodeLists
  /** Pairs of offsets in source order: comments and the insides of strings, possibly one within the other. */
  readonly blanks: readonly number[]
}

/** Takes the named nodes of a tree in source order, parents first, and keeps those that the analysis needs. */
export class TreeBuilder {
  readonly root: PyNode
  readonly blanks: number[] = []
  readonly nodes: BuiltNode[]
  readonly lists = { operators: [] as PyNode[], branches: [] as PyNode[], attributes: [] as PyNode[], hasWork: false }
  depth = 1
  private readonly source: string
  private readonly types: NodeTypes

  constructor(source: string, types: NodeTypes) {
    this.source = source
    this.types = types
    const root = new BuiltNode(0, 'module', 0, source.length, 1, null, true)
    this.root = root
    this.nodes = [root]
    this.lists.branches.push(root)
  }

  /** Adds a node below `parent`, which stands at `depth`. Returns it when its children are wanted. */
  add(symbol: number, start: number, end: number, line: number, parent: PyNode, depth: number): PyNode | null {
    const traits = this.types.traitsOf(symbol)
    if (traits & dropped) {
      if (traits & blanked) this.blanks.push(start, end)
      return null
    }
    const isStatement = (traits & clause) !== 0 || isBlock(parent)
    const { nodes } = this
    const type = this.types.nameOf(symbol)
    const node = new BuiltNode(nodes.length, type, start, end, line, parent as BuiltNode, isStatement)
    nodes.push(node)
    if (traits >= operator) this.list(node, traits)
    if (traits & leaf) return null
    if (traits & text && !isInterpolated(this.source, start)) {
      this.blankInside(start, end)
      return null
    }
    if (depth >= this.depth) this.depth = depth + 1
    return node
  }

  private list(node: PyNode, traits: number): void {
    const { lists } = this
    if (traits & operator) lists.operators.push(node)
    if (traits & branch) lists.branches.push(node)
    if (traits & attribute) lists.attributes.push(node)
    if (traits & work) lists.hasWork = true
  }

  /** Ends the build: every node gets its list of children, of the right size at once, and learns how far it goes. */
  finish(): BuiltTree {
    const { nodes } = this
    for (let i = nodes.length - 1; i > 0; i--) {
      const node = nodes[i]!
      const parent = node.parent!
      if (parent.endId < node.endId) parent.endId = node.endId
      if (parent.children === none) parent.children = new Array<PyNode>(parent.childCount)
      parent.children[node.index] = node
    }
    return this
  }

  private blankInside(start: number, end: number): void {
    const { source } = this
    let at = start
    while (at < end && source[at] !== '"' && source[at] !== "'") at++
    const triple = source.startsWith('"""', at) || source.startsWith("'''", at)
    const quotes = triple && end - at >= 6 ? 3 : 1
    this.blanks.push(at + quotes, Math.max(at + quotes, end - quotes))
  }
}

function isBlock(node: PyNode): boolean {
  return node.type === 'block' || node.type === 'module' || node.type === 'ERROR'
}

/** Whether the string literal that begins at `start` is an f-string or a t-string. */
function isInterpolated(source: string, start: number): boolean {
  for (let i = start; i < start + 3; i++) {
    const char = source[i]
    if (char === '"' || char === "'") return false
    if (char === 'f' || char === 'F' || char === 't' || char === 'T') return true
  }
  return false
}

/** Copies a tree through the public interface of tree-sitter, without recursion, so that depth cannot overflow the stack. */
export function readPublicly(tree: Tree, types: NodeTypes, source: string): BuiltTree {
  const builder = new TreeBuilder(source, types)
  // A pair per node whose children are next: taken from the end, so children go in backwards.
  const pending: { readonly from: Tree['rootNode']; readonly parent: PyNode; readonly depth: number }[] = []
  const open = (from: Tree['rootNode'], parent: PyNode, depth: number) => {
    const kids = from.namedChildren
    for (let i = kids.length - 1; i >= 0; i--) pending.push({ from: kids[i]!, parent, depth })
  }
  open(tree.rootNode, builder.root, 1)
  for (let item = pending.pop(); item; item = pending.pop()) {
    const { from, parent, depth } = item
    const { startIndex: start, endIndex: end, startPosition } = from
    const node = builder.add(from.typeId, start, end, startPosition.row + 1, parent, depth)
    if (node) open(from, node, depth + 1)
  }
  return builder.finish()
}
