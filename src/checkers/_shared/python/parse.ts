import { createRequire } from 'node:module'
import { type EngineMemory, heapReader } from './heap.ts'
import { NodeTypes, readPublicly } from './nodes.ts'
import { type PyTree, toPyTree } from './tree.ts'

export interface SyntaxFault {
  /** 1-based. */
  readonly line: number
  readonly message: string
}

/** Which CPython the verdict is about: `newest` accepts the newest grammar, `3.11` is what the published checker ran on. */
export type PythonVersion = 'newest' | '3.11'

/** The shared parsers, ready for use. Everything here is synchronous and total: any string gets a result. */
export interface PythonTools {
  /** The structure, also of broken programs. */
  parse(source: string): PyTree
  /** Bare tree-sitter parse and nothing else: the floor that the benchmark compares with. */
  parseOnly(source: string): void
  /** Whether CPython would refuse to compile the program, and where. `parsed` is the same program's tree. */
  fault(parsed: PyTree): SyntaxFault | null
  /** Whether CPython's *parser* alone refuses it; `return` outside a function, say, parses. */
  parserFault(parsed: PyTree, version?: PythonVersion): SyntaxFault | null
}

let shared: Promise<PythonTools> | undefined

/** The parsers, loaded on first use (about 80 ms) and shared afterwards. Rejects when a package's .wasm file is missing. */
export function pythonTools(): Promise<PythonTools> {
  shared ??= load().catch(error => {
    shared = undefined
    throw error
  })
  return shared
}

const require = createRequire(import.meta.url)

async function load(): Promise<PythonTools> {
  const { Language, Parser } = await import('web-tree-sitter')
  const engine = require.resolve('web-tree-sitter/web-tree-sitter.wasm')
  const options: EngineMemory & { locateFile: () => string } = { locateFile: () => engine }
  await Parser.init(options)
  const language = await Language.load(require.resolve('tree-sitter-python/tree-sitter-python.wasm'))
  const parser = new Parser()
  parser.setLanguage(language)
  const ruff = new Ruff()
  const parseTree = (source: string) => {
    const tree = parser.parse(source)
    // Null only without a language or after a cancelling callback; we have the one and not the other.
    if (!tree) throw new Error('tree-sitter returned no tree')
    return tree
  }
  const types = new NodeTypes(language)
  const heap = heapReader(options, language, types, parseTree)
  return {
    parse(raw) {
      const source = normalise(raw)
      const tree = parseTree(source)
      try {
        const built = heap ? heap.read(tree, source) : readPublicly(tree, types, source)
        return toPyTree(built, tree.rootNode.hasError, source)
      } finally {
        tree.delete()
      }
    },
    parseOnly(source) {
      parseTree(source).delete()
    },
    fault: parsed => depthFault(parsed) ?? ruff.first(parsed.source, 'compile'),
    parserFault: (parsed, version = 'newest') => depthFault(parsed) ?? ruff.first(parsed.source, version),
  }
}

/** CPython reads `\r\n` and a lone `\r` as line ends; tree-sitter does not know the latter. */
function normalise(source: string): string {
  const unmarked = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source
  return unmarked.includes('\r') ? unmarked.replace(/\r\n?/g, '\n') : unmarked
}

/**
 * CPython refuses more than 200 open brackets, 100 levels of indentation, and expressions nested a few thousand deep.
 * Ruff recurses over nesting, so these must not reach it; the check also keeps its WebAssembly stack sound.
 */
const deepestTree = 1500
const openBracketsLimit = 200

function depthFault(parsed: PyTree): SyntaxFault | null {
  if (parsed.depth > deepestTree) return { line: 1, message: 'the code is nested too deeply for Python to compile' }
  // A run of openers or operators that never closes is an error that tree-sitter leaves flat.
  const long = parsed.source.length > openBracketsLimit
  return long && parsed.hasError ? bracketFault(parsed.source) : null
}

function bracketFault(source: string): SyntaxFault | null {
  let open = 0
  let prefixes = 0
  let line = 1
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!
    if (char === '\n') line++
    if ('([{'.includes(char)) open++
    else if (')]}'.includes(char)) open = Math.max(0, open - 1)
    prefixes = '+-~*!@ \t\\'.includes(char) ? prefixes + (char === ' ' || char === '\t' ? 0 : 1) : 0
    if (open > openBracketsLimit) return { line, message: 'too many nested brackets' }
    if (prefixes > 1000) return { line, message: 'too many operators in a row' }
  }
  return null
}

interface Diagnostic {
  readonly code: string | null
  readonly message: string
  readonly start_location: { readonly row: number }
}

interface Workspace {
  check(contents: string): Diagnostic[]
}

type RuffModule = { Workspace: new (settings: object, encoding: number) => Workspace }

/** Rules whose violation makes CPython's compiler refuse a program; the parser alone lets these pass. */
const compileRules = [
  'E9',
  'F404',
  'F407',
  'F622',
  'F701',
  'F702',
  'F704',
  'F706',
  'F707',
  'F831',
  'PLE0100',
  'PLE0101',
  'PLE0115',
  'PLE0116',
  'PLE0117',
  'PLE0118',
  'PLE0604',
  'PLE1142',
]
const utf16 = 1

/** Ruff's checker, one workspace per question asked of it. A stack overflow inside spoils the instance: it is made anew. */
class Ruff {
  private workspaces = new Map<string, Workspace>()

  first(source: string, ask: 'compile' | PythonVersion): SyntaxFault | null {
    try {
      const found = this.workspace(ask)
        .check(source)
        .filter(d => ask === 'compile' || isParserFault(d))
      if (found.length === 0) return null
      const first = found.reduce((a, b) => (b.start_location.row < a.start_location.row ? b : a))
      return { line: first.start_location.row, message: first.message }
    } catch (error) {
      if (!(error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError'))) throw error
      this.workspaces.clear()
      delete require.cache[require.resolve('@astral-sh/ruff-wasm-nodejs')]
      return { line: 1, message: 'the code is nested too deeply for Python to compile' }
    }
  }

  private workspace(ask: 'compile' | PythonVersion): Workspace {
    const known = this.workspaces.get(ask)
    if (known) return known
    const module = require('@astral-sh/ruff-wasm-nodejs') as RuffModule
    const settings = {
      preview: true,
      'target-version': ask === '3.11' ? 'py311' : 'py314',
      lint: { preview: true, select: ask === 'compile' ? compileRules : [] },
    }
    const made = new module.Workspace(settings, utf16)
    this.workspaces.set(ask, made)
    return made
  }
}

/** Faults that CPython's symbol table or compiler finds after parsing; ruff calls them syntax errors like the others. */
const compilerMessages =
  /^(Duplicate parameter|nonlocal declaration|annotated name|Name `.*` is used prior|starred assignment target|name capture|wildcard makes|assignment expression cannot rebind|duplicate type parameter|multiple assignments to name|cannot assign to `__debug__`|cannot delete `__debug__`|mapping pattern checks duplicate|attribute name `.*` repeated|name `.*` is (parameter|used|assigned)|no binding for nonlocal|Starred expression cannot be used here|alternative patterns bind)/i

function isParserFault(diagnostic: Diagnostic): boolean {
  const isSyntax = diagnostic.code === 'invalid-syntax' || diagnostic.code === null
  return isSyntax && !compilerMessages.test(diagnostic.message)
}
