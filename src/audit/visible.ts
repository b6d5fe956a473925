/** Shorter keys (`Yes`, `(B)`, `17`) stand in many a question without giving anything away. */
const fewestSymbols = 4

/** A text without what separates its symbols, so that a grid in lines and a flat list of its cells are the same. */
const symbolsOf = (text: string) => text.replace(/[\s,;[\]{}"'`.]/g, '')

/**
 * Where the question prints the key as a block of its own: some whole lines one after another that hold exactly the
 * symbols of the key, in order. Format examples between `<<<` and `>>>` do not count. Returns the lines, or null.
 */
export function visibleKey(question: string, key: string): string | null {
  const wanted = symbolsOf(key)
  if (wanted.length < fewestSymbols) return null
  const lines = question.replace(/<<<[\s\S]*?>>>/g, '\n').split('\n')
  const symbols = lines.map(symbolsOf)
  for (let from = 0; from < lines.length; from++) {
    let block = ''
    for (let to = from; to < lines.length && block.length < wanted.length; to++) {
      block += symbols[to]!
      if (block === wanted)
        return lines
          .slice(from, to + 1)
          .join('\n')
          .trim()
      if (!wanted.startsWith(block)) break
    }
  }
  return null
}
