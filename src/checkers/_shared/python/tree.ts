import type { Language, Tree } from 'web-tree-sitter'

/**
 * A node of the syntax tree as plain data: named nodes only, comments left out. Operators and keywords are read from
 * the source between the children, which spares half of the crossings into WebAssembly.
 */
export interface PyNode {
  readonly type: string
  /** UTF-16 offsets into the normalised source, end exclusive. */
  readonly start: number
  readonly end: number
  /** 1-based. */
  readonly line: number
  readonly children: PyNode[]
  readonly parent: PyNode | null
  /** Position among the parent's children. */
  readonly index: number
  /** The statement or clause that the node belongs to, itself when it is one. */
  readonly statement: PyNode
}

/** A parsed program. `source` has its line ends normalised to `\n`; every offset is into it. */
export interface PyTree {
  readonly source: string
  /** The source with comments and the insides of strings blanked out, offsets unchanged: words in them mean nothing. */
  readonly code: string
  readonly root: PyNode
  /** Levels of nesting of the deepest node. */
  readonly depth: number
  readonly nodeCount: number
  /** Offsets at which lines begin. */
  readonly lineStarts: readonly number[]
  readonly hasError: boolean
  /** 1-based lines that hold more than blanks and comments. */
  readonly codeLines: readonly number[]
}

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
const skippedTypes = new Set(['comment', 'line_continuation', 'string_start', 'string_content', 'string_end'])

/** Copies a tree-sitter tree into plain nodes, without recursion, so that depth cannot overflow the stack. */
export function toPyTree(tree: Tree, language: Language, source: string): PyTree {
  const names = language.types
  const rootNode = tree.rootNode
  const lineStarts = startsOfLines(source)
  const root = newNode('module', 0, source.length, 1, null)
  const pending: { from: typeof rootNode; to: PyNode; depth: number }[] = [{ from: rootNode, to: root, depth: 1 }]
  const blanks: (readonly [number, number])[] = []
  let depth = 1
  let nodeCount = 1
  for (let item = pending.pop(); item; item = pending.pop()) {
    const { from, to } = item
    if (item.depth > depth) depth = item.depth
    for (const child of from.namedChildren) {
      const typeId = child.typeId
      const type = typeId === 65535 ? 'ERROR' : (names[typeId] ?? 'ERROR')
      const start = child.startIndex
      if (skippedTypes.has(type)) {
        if (type === 'comment' || type === 'string_content') blanks.push([start, child.endIndex])
        continue
      }
      const node = newNode(type, start, child.endIndex, child.startPosition.row + 1, to)
      to.children.push(node)
      nodeCount++
      if (leafTypes.has(type)) continue
      if (type === 'string' && !isInterpolated(source, start)) {
        blanks.push(insideOfString(source, start, node.end))
        continue
      }
      pending.push({ from: child, to: node, depth: item.depth + 1 })
    }
  }
  return {
    source,
    code: blankOut(source, blanks),
    root,
    depth,
    nodeCount,
    lineStarts,
    hasError: rootNode.hasError,
    codeLines: linesWithCode(source, lineStarts),
  }
}

function newNode(type: string, start: number, end: number, line: number, parent: PyNode | null): PyNode {
  const node = { type, start, end, line, children: [], parent, index: parent?.children.length ?? 0, statement: null! }
  const made: { -readonly [K in keyof PyNode]: PyNode[K] } = node
  made.statement = parent && !isStatement(type, parent.type) ? parent.statement : made
  return made
}

const clauses = new Set(['elif_clause', 'else_clause', 'except_clause', 'finally_clause', 'case_clause'])

function isStatement(type: string, parentType: string): boolean {
  return parentType === 'block' || parentType === 'module' || parentType === 'ERROR' || clauses.has(type)
}

/** Whether the string literal that begins at `start` is an f-string or a t-string. */
export function isInterpolated(source: string, start: number): boolean {
  for (let i = start; i < start + 3; i++) {
    const char = source[i]
    if (char === '"' || char === "'") return false
    if (char === 'f' || char === 'F' || char === 't' || char === 'T') return true
  }
  return false
}

function insideOfString(source: string, start: number, end: number): readonly [number, number] {
  let at = start
  while (at < end && source[at] !== '"' && source[at] !== "'") at++
  const triple = source.startsWith('"""', at) || source.startsWith("'''", at)
  const quotes = triple && end - at >= 6 ? 3 : 1
  return [at + quotes, Math.max(at + quotes, end - quotes)]
}

function blankOut(source: string, blanks: (readonly [number, number])[]): string {
  blanks.sort((a, b) => a[0] - b[0])
  let code = ''
  let done = 0
  for (const [start, end] of blanks) {
    if (start < done) continue
    code += source.slice(done, start) + source.slice(start, end).replace(/[^\n]/g, ' ')
    done = end
  }
  return code + source.slice(done)
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
  let high = tree.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (tree.lineStarts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** Every node below and including `from`, in source order, without recursion. `enter` returns false to skip a subtree. */
export function walk(from: PyNode, enter: (node: PyNode) => unknown): void {
  const stack = [from]
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (enter(node) === false) continue
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]!)
  }
}

/** The operator between two operands, e.g. `+`, `not in`, blanks and comments removed. */
export function operatorBetween(tree: PyTree, left: PyNode, right: PyNode): string {
  return tree.source
    .slice(left.end, right.start)
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
