/** A text cut to a token budget: `cutTokens` says how many are missing, 0 when nothing is. */
export interface Cut {
  readonly text: string
  readonly cutTokens: number
}

type Encoder = typeof import('gpt-tokenizer/encoding/o200k_base')
let encoder: Promise<Encoder> | undefined

/** Counting a whole flood would take longer than the run; beyond this only the ends are looked at. */
const looksAtMost = 200_000

/**
 * Cuts a text to `budget` tokens (o200k_base; other vocabularies differ by some per cent): head and tail stay, the cut
 * between them is stated in the text itself. Special-token text is counted as plain text.
 */
export async function cutToTokens(text: string, budget: number): Promise<Cut> {
  // A token holds at least one character, so a short text needs no counting (and no 2 MB vocabulary in memory).
  if (text.length <= budget) return { text, cutTokens: 0 }
  const { encode, decode } = await (encoder ??= import('gpt-tokenizer/encoding/o200k_base'))
  const plain = { disallowedSpecial: new Set<string>() }
  const half = Math.floor(budget / 2)
  if (text.length <= looksAtMost) {
    const tokens = encode(text, plain)
    if (tokens.length <= budget) return { text, cutTokens: 0 }
    const cutTokens = tokens.length - 2 * half
    return { text: `${decode(tokens.slice(0, half))}${notice(cutTokens)}${decode(tokens.slice(-half))}`, cutTokens }
  }
  const head = encode(text.slice(0, looksAtMost / 2), plain)
  const tail = encode(text.slice(-looksAtMost / 2), plain)
  const perCharacter = (head.length + tail.length) / looksAtMost
  const cutTokens = Math.round(text.length * perCharacter) - 2 * half
  return { text: `${decode(head.slice(0, half))}${notice(cutTokens)}${decode(tail.slice(-half))}`, cutTokens }
}

const notice = (tokens: number) => `\n[… about ${tokens} tokens of output left out here …]\n`
