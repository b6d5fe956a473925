import type { Language, Tree } from 'web-tree-sitter'
import { type BuiltTree, errorSymbol, type NodeTypes, type PyNode, readPublicly, TreeBuilder } from './nodes.ts'

/**
 * Reads trees straight from the memory of the tree-sitter engine. Its public interface costs several calls into
 * WebAssembly and an object or two per node, as much as a third of the parse. The layout below is that of tree-sitter's
 * `lib/src/subtree.h` and `tree.h` for 32-bit addresses. It is no public promise, so `heapReader` tries it
 * on a program of every kind of node first and gives null when anything differs from the public interface.
 */
export interface HeapReader {
  read(tree: Tree, source: string): BuiltTree
}

/** What Emscripten leaves in the options object of `Parser.init`: views of the memory, new ones whenever it grows. */
export interface EngineMemory {
  readonly HEAPU32?: Uint32Array
  readonly HEAPU8?: Uint8Array
}

/** Null when the memory is not at hand or not laid out as expected; `readPublicly` gives the same trees then. */
export function heapReader(
  memory: EngineMemory,
  language: Language,
  types: NodeTypes,
  parse: (source: string) => Tree,
): HeapReader | null {
  const reader = new Reader(memory, language, types)
  const tree = parse(probe)
  try {
    if (!sameTrees(reader.read(tree, probe), readPublicly(tree, types, probe))) return null
    reader.stepsLeft = Number.POSITIVE_INFINITY
    return reader
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null
    throw error
  } finally {
    tree.delete()
  }
}

/** Renamed nodes, hidden ones, large and small ones, errors, gaps, comments in odd places, long lines. */
const probe = `from os import (path as p,  # why
    sep)
def f(a: int = 1, *rest, **more) -> "list[int]":
    """two
    lines"""
    with open(a) as (g, h): pass
    if a not in rest and not more: return f"{a!r:>{1 + 2}}" 'é𝒳' b"x"
    elif print: exec = [x async for x in y if x]; print(exec, type, match)


    else:   # a comment ends the block
        return {**more, 'k': -1 ** 2}[1:2, ...]
  # less deep
@f
class A(B, metaclass=C):
    match = x if (y := 3) else lambda *z: (yield)
try: a, *b = 1_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000, \\
    2
except* (E, F) as e: raise
match x:
    case {"a": 3 + 4j, **r} | [A(b=1), *_] if r: del x.y[0]
${' '.repeat(300)}
x = ${'"'.repeat(3)}${'\n'.repeat(40)}${'"'.repeat(3)}; assert x
print "old" % x ) for in (
`

function sameTrees(one: BuiltTree, other: BuiltTree): boolean {
  if (one.nodes.length !== other.nodes.length || one.depth !== other.depth) return false
  const pairs: [PyNode, PyNode][] = [[one.root, other.root]]
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [a, b] = pair
    if (a.type !== b.type || a.start !== b.start || a.end !== b.end || a.line !== b.line) return false
    if (a.children.length !== b.children.length) return false
    for (const [i, child] of a.children.entries()) pairs.push([child, b.children[i]!])
  }
  return one.blanks.join() === other.blanks.join()
}

// Offsets of 32-bit words. A subtree is two words: a small leaf, packed (lowest bit set), or the address of a larger one.
const words = {
  paddingBytes: 1,
  paddingRows: 2,
  sizeBytes: 4,
  sizeRows: 5,
  childCount: 9,
  symbol: 10,
  flags: 11,
  productionId: 16,
} as const
const isVisible = 1
const isNamed = 2
const isExtra = 4

/** Where in the description of a language its tables stand. */
const languageWords = { aliasLength: 9, metadata: 18, publicSymbols: 19, aliases: 21 } as const

class Reader implements HeapReader {
  /** Ends the reading of a memory that is laid out otherwise, where any word could pass for a number of children. */
  stepsLeft = 100_000
  private readonly memory: EngineMemory
  private readonly types: NodeTypes
  /** Symbols of the grammar to those of `Language.types`; several may share a name. */
  private publicSymbols: Uint16Array | undefined
  private readonly named: Uint8Array
  // One frame per subtree whose children are being read; kept between trees.
  private readonly at: number[] = []
  private readonly last: number[] = []
  private readonly alias: number[] = []
  private readonly parents: PyNode[] = []
  private readonly depths: number[] = []

  constructor(memory: EngineMemory, language: Language, types: NodeTypes) {
    this.memory = memory
    this.types = types
    this.named = Uint8Array.from(types.names, (_, id) => (language.nodeTypeIsNamed(id) ? 1 : 0))
  }

  read(tree: Tree, source: string): BuiltTree {
    const u32 = this.memory.HEAPU32
    if (!u32) throw new TypeError('the engine shows no memory')
    const builder = new TreeBuilder(source, this.types)
    const root = tree.rootNode.id >>> 2
    const language = u32[root + 2]! >>> 2
    this.publicSymbols ??= this.symbolsOf(language)
    if (!(u32[root]! & 1)) this.walk(u32, root, language, builder)
    return builder.finish()
  }

  private symbolsOf(language: number): Uint16Array {
    const { HEAPU32: u32, HEAPU8: u8 } = this.memory
    const from = u32![language + languageWords.publicSymbols]!
    return new Uint16Array(u8!.slice(from, from + 2 * this.types.names.length).buffer)
  }

  /** Visits the children of the subtree at word `root` and theirs. Bytes are counted, two per UTF-16 unit. */
  private walk(u32: Uint32Array, root: number, language: number, builder: TreeBuilder): void {
    const { at, last, alias, parents, depths } = this
    const aliases = u32[language + languageWords.aliases]! >>> 1
    const u16 = new Uint16Array(u32.buffer)
    const aliasLength = u32[language + languageWords.aliasLength]! & 0xffff
    const symbols = this.publicSymbols!
    const top = u32[root]! >>> 2
    let byte = u32[top + words.paddingBytes]!
    let row = u32[top + words.paddingRows]!
    let level = -1
    const open = (subtree: number, parent: PyNode, depth: number) => {
      const count = u32[subtree + words.childCount]!
      const production = u32[subtree + words.productionId]! >>> 16
      level++
      at[level] = subtree - 2 * count
      last[level] = subtree
      alias[level] = production ? aliases + production * aliasLength : 0
      parents[level] = parent
      depths[level] = depth
    }
    open(top, builder.root, 1)
    let isFirst = true
    while (level >= 0) {
      if (--this.stepsLeft < 0) throw new RangeError('more nodes than the text can have')
      const here = at[level]!
      if (here >= last[level]!) {
        level--
        isFirst = false
        continue
      }
      at[level] = here + 2
      const head = u32[here]!
      if (head & 1) {
        // visible 2, named 4, extra 8; the symbol is the second byte
        const tail = u32[here + 1]!
        if (!isFirst) {
          byte += (tail >>> 16) & 0xff
          row += (tail >>> 8) & 15
        }
        isFirst = false
        const size = tail >>> 24
        const renamed = head & 8 || alias[level] === 0 ? 0 : u16[alias[level]!++]!
        const isShown = renamed ? this.named[symbols[renamed]!] : (head & 6) === 6
        if (isShown) {
          const symbol = symbols[renamed || (head >>> 8) & 0xff]!
          builder.add(symbol, byte >>> 1, (byte + size) >>> 1, row + 1, parents[level]!, depths[level]!)
        }
        byte += size
        continue
      }
      const subtree = head >>> 2
      if (!isFirst) {
        byte += u32[subtree + words.paddingBytes]!
        row += u32[subtree + words.paddingRows]!
      }
      const flags = u32[subtree + words.flags]!
      const renamed = flags & isExtra || alias[level] === 0 ? 0 : u16[alias[level]!++]!
      const raw = renamed || u32[subtree + words.symbol]! & 0xffff
      const parent = parents[level]!
      let within: PyNode | null = null
      if (renamed || flags & isVisible) {
        const symbol = raw >= errorSymbol - 1 ? raw : symbols[raw]!
        const isShown = renamed ? this.named[symbol] : flags & isNamed
        const end = (byte + u32[subtree + words.sizeBytes]!) >>> 1
        if (isShown) within = builder.add(symbol, byte >>> 1, end, row + 1, parent, depths[level]!)
      } else within = parent
      if (within && u32[subtree + words.childCount]! > 0) {
        open(subtree, within, within === parent ? depths[level]! : depths[level]! + 1)
        isFirst = true
        continue
      }
      isFirst = false
      byte += u32[subtree + words.sizeBytes]!
      row += u32[subtree + words.sizeRows]!
    }
    parents.length = 0
  }
}
