/**
 * Fixed pieces of text that the miniature's tokenizer holds as one token each: sentences of prompts and questions, lines
 * of programs. Data (numbers, names, strings of letters) never repeats often enough to become one.
 */
export interface PhraseOptions {
  /** In how many different texts a piece must stand; six times as many for pieces that may hold data. */
  readonly atLeast: number
  /** Shorter pieces are left to the tokenizer's merges. */
  readonly minChars: number
  readonly most: number
}

export const phraseDefaults: PhraseOptions = { atLeast: 25, minChars: 6, most: 3_000 }

/** Counts pieces over many texts and says which are phrases, in a fixed order. */
export class PhraseCounter {
  readonly #counts = new Map<string, number>()

  add(text: string): void {
    for (const piece of new Set(pieces(text))) this.#counts.set(piece, (this.#counts.get(piece) ?? 0) + 1)
  }

  phrases({ atLeast, minChars, most }: PhraseOptions = phraseDefaults): string[] {
    return [...this.#counts]
      .filter(([piece, count]) => count >= atLeast * rarity(piece) && piece.length >= minChars)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([piece]) => piece)
  }
}

/** Literals and prose with numbers hold data: they are phrases only where they belong to nearly every question of a task. */
function rarity(piece: string): number {
  const code = piece.startsWith('\n')
  if (code) return /^\n[A-Z_]+ = /.test(piece) ? 6 : 1
  if (/\d/.test(piece)) return piece.length < 20 ? Number.POSITIVE_INFINITY : 6
  return piece.length < 12 ? 6 : 1
}

/**
 * The pieces of a text: a line of code with the line break before it; of prose a sentence with the blank behind it. Pieces
 * of one text never overlap, so a tokenizer finds them whichever way it looks.
 */
export function pieces(text: string): string[] {
  const found: string[] = []
  let inCode = false
  for (const line of text.split('\n')) {
    const fence = line.startsWith('```')
    if (inCode && !fence) found.push(`\n${line}`)
    else if (!fence) found.push(...sentences(line))
    if (fence) inCode = !inCode
  }
  return found
}

const sentences = (line: string) => line.match(/[^.?!:]+(?:[.?!:]+(?= |$)|[.?!:]+\S|$)*/g) ?? []
