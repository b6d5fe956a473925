import type { BuiltTree, NodeLists, PyNode } from './nodes.ts'

export type { PyNode } from './nodes.ts'

/** A parsed program. `source` has its line ends normalised to `\n`; every offset is into it. */
export interface PyTree {
  readonly source: string
  /** The source with comments and the insides of strings blanked out, offsets unchanged: words in them mean nothing. */
  readonly code: string
  readonly root: PyNode
  /** Levels of nesting of the deepest node. */
  readonly depth: number
  /** Every node at the place that its id says, parents first. */
  readonly nodes: readonly PyNode[]
  readonly lists: NodeLists
  /** Offsets at which lines begin. */
  readonly lineStarts: readonly number[]
  readonly hasError: boolean
  /** 1-based lines that hold more than blanks and comments. */
  readonly codeLines: readonly number[]
}

/** Adds to a copied tree what is read from the text alone. */
export function toPyTree(built: BuiltTree, hasError: boolean, source: string): PyTree {
  const { root, depth, nodes, lists, blanks } = built
  const lineStarts = startsOfLines(source)
  const codeLines = linesWithCode(source, lineStarts)
  return { source, code: blankOut(source, blanks), root, depth, nodes, lists, lineStarts, hasError, codeLines }
}

function blankOut(source: string, blanks: readonly number[]): string {
  const parts: string[] = []
  let done = 0
  for (let i = 0; i < blanks.length; i += 2) {
    const start = blanks[i]!
    const end = blanks[i + 1]!
    if (start < done) continue
    parts.push(source.slice(done, start), blanksLike(source, start, end))
    done = end
  }
  parts.push(source.slice(done))
  return parts.join('')
}

const blank = ' '.repeat(256)

/** As many blanks as there are characters, line ends kept. */
function blanksLike(source: string, start: number, end: number): string {
  const size = end - start
  const newline = source.indexOf('\n', start)
  if (newline >= 0 && newline < end) return source.slice(start, end).replace(/[^\n]/g, ' ')
  return size <= blank.length ? blank.slice(0, size) : ' '.repeat(size)
}

function startsOfLines(source: string): number[] {
  const starts = [0]
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function linesWithCode(source: string, lineStarts: readonly number[]): number[] {
  const lines: number[] = []
  for (let i = 0; i < lineStarts.length; i++) {
    let at = lineStarts[i]!
    const end = lineStarts[i + 1] ?? source.length
    while (at < end && source.charCodeAt(at) <= 32) at++
    if (at < end && source[at] !== '#') lines.push(i + 1)
  }
  return lines
}

/** The source text of a node. */
export function textOf(tree: PyTree, node: PyNode): string {
  return tree.source.slice(node.start, node.end)
}

/** The text of a node without the insides of strings and without comments. */
export function codeOf(tree: PyTree, node: PyNode): string {
  return tree.code.slice(node.start, node.end)
}

/** 1-based line of the node's last character. */
export function endLineOf(tree: PyTree, node: PyNode): number {
  const offset = Math.max(node.start, node.end - 1)
  let low = node.line - 1
  // Most nodes end on the line where they begin.
  if ((tree.lineStarts[low + 1] ?? tree.source.length + 1) > offset) return node.line
  let high = tree.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (tree.lineStarts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** Every node below and including `from`, in source order. `enter` returns false to skip a subtree. */
export function walk(tree: PyTree, from: PyNode, enter: (node: PyNode) => unknown): void {
  const { nodes } = tree
  const end = from.endId
  for (let id = from.id; id < end; ) {
    const node = nodes[id]!
    id = enter(node) === false ? node.endId : id + 1
  }
}

/** Whether `node` is `outer` or stands somewhere below it. */
export function isInside(node: PyNode, outer: PyNode): boolean {
  return node.id >= outer.id && node.id < outer.endId
}

/** Facts about some nodes of one tree: a `Map` by node without the hashing. */
export class NodeMap<Fact> {
  private readonly facts: (Fact | undefined)[]

  constructor(tree: PyTree) {
    this.facts = new Array<Fact | undefined>(tree.nodes.length)
  }

  get(node: PyNode): Fact | undefined {
    return this.facts[node.id]
  }

  set(node: PyNode, fact: Fact): void {
    this.facts[node.id] = fact
  }
}

/** Some nodes of one tree. */
export class NodeSet {
  size = 0
  private readonly members: Uint8Array

  constructor(tree: PyTree) {
    this.members = new Uint8Array(tree.nodes.length)
  }

  has(node: PyNode): boolean {
    return this.members[node.id] === 1
  }

  add(node: PyNode): void {
    if (this.members[node.id] === 0) this.size++
    this.members[node.id] = 1
  }
}

/** The operator between two operands, e.g. `+`, `not in`, blanks and comments removed. */
export function operatorBetween(tree: PyTree, left: PyNode, right: PyNode): string {
  const { source } = tree
  let start = left.end
  let end = right.start
  while (start < end && source.charCodeAt(start) === 32) start++
  while (end > start && source.charCodeAt(end - 1) === 32) end--
  for (let i = start; i < end; i++) {
    const char = source.charCodeAt(i)
    // Only operators and letters without brackets, comments or runs of blanks are taken as they stand.
    const plain = char > 32 ? char !== 35 && char !== 40 && char !== 41 && char !== 92 && char < 128 : false
    if (!plain && !(char === 32 && source.charCodeAt(i + 1) > 32)) return cleanedOperator(source.slice(start, end))
  }
  return source.slice(start, end)
}

function cleanedOperator(text: string): string {
  return text
    .replace(/#[^\n]*|\\\n/g, ' ')
    .replace(/[()]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The first child of the given type, or null. */
export function childOfType(node: PyNode, type: string): PyNode | null {
  for (const child of node.children) if (child.type === type) return child
  return null
}

/** Removes parentheses around an expression. */
export function unwrap(node: PyNode): PyNode {
  let inner = node
  while (inner.type === 'parenthesized_expression' && inner.children.length === 1) inner = inner.children[0]!
  return inner
}
