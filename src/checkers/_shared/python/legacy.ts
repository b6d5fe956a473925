import type { PythonTools } from './parse.ts'
import { type PyNode, type PyTree, textOf, walk } from './tree.ts'

/** What the published checker reports about a program: the fields of its corpus. */
export interface LegacyReport {
  /** Keyword matches in the raw text plus a quarter per binary operator; 0 when the program does not parse. */
  readonly score: number
  readonly searching: boolean
  readonly symbolic: boolean
  readonly numerical: boolean
  /** Why the program does not parse, in our words; null when it does. */
  readonly error: string | null
  readonly explanation: string
}

/**
 * The published checker's score, flags and explanation, faults included: keywords are counted inside words, comments
 * and strings, comprehensions are no loops, an aliased import is not seen. For comparison with published numbers only.
 */
export function legacyReport(tools: PythonTools, source: string): LegacyReport {
  const tree = tools.parse(source)
  const fault = tools.parserFault(tree, '3.11')
  if (fault) {
    const error = `Invalid Python code: ${fault.message} (line ${fault.line})`
    return { score: 0, searching: false, symbolic: false, numerical: false, error, explanation: error }
  }
  const searchLines = searchingLines(tree)
  const symbolicLines: string[] = []
  if (/eval\(|exec\(/.test(source)) symbolicLines.push('- Uses eval/exec for symbolic expression evaluation')
  if (/format|f"|f'/.test(source)) symbolicLines.push('- Uses string formatting for expression building')
  const operations = countBinaryOperations(tree)
  const score =
    matches(source, /for|while/g) + matches(source, /if|elif|else/g) + matches(source, /try|except/g) + operations / 4
  const blocks: string[] = []
  if (searchLines.length > 0) blocks.push('SEARCHING APPROACH detected because:', ...searchLines)
  if (symbolicLines.length > 0) blocks.push('\nSYMBOLIC COMPUTING detected because:', ...symbolicLines)
  if (operations > 0) {
    blocks.push('\nNUMERICAL COMPUTING detected because:')
    for (let i = 0; i < operations; i++) blocks.push('- Contains direct mathematical operations')
  }
  blocks.push(`\nComplexity score: ${Number.isInteger(score) ? `${score}.0` : score}`)
  return {
    score,
    searching: searchLines.length > 0,
    symbolic: symbolicLines.length > 0,
    numerical: operations > 0,
    error: null,
    explanation: blocks.join('\n'),
  }
}

function matches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** How many BinOp nodes CPython's `ast` has for this program. */
export function countBinaryOperations(tree: PyTree): number {
  let count = 0
  walk(tree, tree.root, node => {
    switch (node.type) {
      case 'binary_operator':
        count++
        break
      case 'union_type': // `int | None` in an annotation is an operator to CPython
        count++
        break
      case 'complex_pattern':
        if (/[^eE(][+-]/.test(textOf(tree, node))) count++
        break
      case 'chevron': // `print >> stream, text` still parses, as a shift
        count++
        break
      case 'print_statement':
        if (/^print\s*[-+*]/.test(textOf(tree, node))) count++
        break
    }
  })
  return count
}

const loopLine = '- Contains loops for systematic search'
const importLine = '- Uses itertools for combinatorial search'

/** One line per loop statement and per import that the published checker sees, in the order of `ast.walk`. */
function searchingLines(tree: PyTree): string[] {
  const lines: string[] = []
  let layer: PyNode[] = [tree.root]
  while (layer.length > 0) {
    const next: PyNode[] = []
    for (const node of layer) {
      const line = searchingLine(tree, node)
      if (line) lines.push(line)
      collectAstChildren(node, next)
    }
    layer = next
  }
  return lines
}

function searchingLine(tree: PyTree, node: PyNode): string | null {
  if (node.type === 'while_statement') return loopLine
  if (node.type === 'for_statement') return tree.source.startsWith('async', node.start) ? null : loopLine
  if (node.type === 'import_statement') return named(tree, node.children[0])
  if (node.type === 'import_from_statement') return named(tree, node.children[1])
  return null
}

function named(tree: PyTree, name: PyNode | undefined): string | null {
  const imported = name?.type === 'aliased_import' ? name.children[0] : name
  return imported && textOf(tree, imported).includes('itertools') ? importLine : null
}

/** Nodes of the concrete tree that are no level of their own in CPython's `ast`. */
const transparent = new Set(['block', 'else_clause', 'finally_clause', 'decorated_definition'])

function collectAstChildren(node: PyNode, into: PyNode[]): void {
  for (const child of node.children) {
    if (transparent.has(child.type)) collectAstChildren(child, into)
    else if (
      child.type.endsWith('_statement') ||
      child.type.endsWith('_clause') ||
      child.type.endsWith('_definition')
    ) {
      into.push(child)
    }
  }
}
