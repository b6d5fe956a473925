import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Tree } from 'web-tree-sitter'
import { type EngineMemory, type HeapReader, heapReader } from './heap.ts'
import { type BuiltTree, NodeTypes, readPublicly } from './nodes.ts'

const require = createRequire(import.meta.url)
const programs = fileURLToPath(new URL('../../../../test/checker-programs/', import.meta.url))

let memory: EngineMemory
let types: NodeTypes
let parse: (source: string) => Tree
let readerOf: (memory: EngineMemory) => HeapReader | null
let reader: HeapReader

beforeAll(async () => {
  const { Language, Parser } = await import('web-tree-sitter')
  const options = { locateFile: () => require.resolve('web-tree-sitter/web-tree-sitter.wasm') }
  await Parser.init(options)
  memory = options as EngineMemory
  const language = await Language.load(require.resolve('tree-sitter-python/tree-sitter-python.wasm'))
  const parser = new Parser()
  parser.setLanguage(language)
  types = new NodeTypes(language)
  parse = source => parser.parse(source)!
  readerOf = of => heapReader(of, language, types, parse)
  reader = readerOf(memory)!
})

function rowsOf(built: BuiltTree): readonly string[] {
  const rows = built.nodes.map(
    n => `${n.type} ${n.start}-${n.end} line ${n.line} ${n.id}-${n.endId} in ${n.parent?.id} of ${n.statement.id}`,
  )
  return [...rows, `depth ${built.depth}`, `blanks ${built.blanks.join()}`]
}

function expectSame(source: string): void {
  const tree = parse(source)
  try {
    expect(rowsOf(reader.read(tree, source)), source).toEqual(rowsOf(readPublicly(tree, types, source)))
  } finally {
    tree.delete()
  }
}

describe('reading the engine memory', () => {
  it('passes its own probe with the packages that are installed', () => {
    expect(readerOf(memory)).not.toBeNull()
  })

  it('gives the trees of the public interface, whole programs and broken ones', () => {
    const names = readdirSync(programs).filter(name => name.endsWith('.py'))
    expect(names.length).toBeGreaterThan(50)
    for (const name of names) {
      const source = readFileSync(programs + name, 'utf8')
      expectSame(source)
      for (const part of [0.3, 0.7]) expectSame(source.slice(Math.floor(source.length * part)))
      expectSame(source.replace(/[)\]:]/, ''))
    }
  })

  it('gives the trees of the public interface for any text', () => {
    const words =
      'for x in y:\n|    |if a not in b |print |"é𝒳" |f"{a!r:>{b}}" |(|)|[|\n|lambda *a: |# c\n|\\\n|= |1_0 |as |'
    const text = fc.array(fc.constantFrom(...words.split('|')), { maxLength: 40 }).map(parts => parts.join(''))
    fc.assert(fc.property(text, expectSame), { numRuns: 150, seed: 11 })
  })

  it('is given up where the memory is hidden or laid out otherwise', () => {
    expect(readerOf({})).toBeNull()
    const { HEAPU32, HEAPU8 } = memory
    expect(readerOf({ HEAPU32: HEAPU32!.slice(4), HEAPU8: HEAPU8! })).toBeNull()
    expect(readerOf({ HEAPU32: HEAPU32!.map(word => word ^ 6), HEAPU8: HEAPU8! })).toBeNull()
    expect(readerOf({ HEAPU32: new Uint32Array(HEAPU32!.length), HEAPU8: HEAPU8! })).toBeNull()
  })
})
