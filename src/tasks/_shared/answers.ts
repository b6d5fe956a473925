import { lastMarked } from '../../answer.ts'

/**
 * The text of an answer: what stands between the last `<<<` and `>>>` where there are any, else the whole, trimmed.
 * Verifiers accept both, so that a bare answer from a file is judged like a marked one from a model.
 */
export function bare(answer: string): string {
  return lastMarked(answer) ?? answer.trim()
}

/** A value quoted in a reason, cut so that a 10 MB answer does not become a 10 MB reason. */
export function quote(text: string, length = 60): string {
  const oneLine = text
    .slice(0, length * 4)
    .replace(/\s+/g, ' ')
    .trim()
  return oneLine.length > length || text.length > length * 4 ? `"${oneLine.slice(0, length)}…"` : `"${oneLine}"`
}

/**
 * Makes a `read` from `ask` and a parser of the data in its text: the puzzle counts only when asking it again gives the
 * very words that were found. The question may stand anywhere in a longer text (after a guidance, say).
 */
export function readBack<P>(
  ask: (puzzle: P) => string,
  parse: (prompt: string) => P | null,
): (prompt: string) => P | null {
  return prompt => {
    const puzzle = parse(prompt)
    return puzzle !== null && prompt.includes(ask(puzzle)) ? puzzle : null
  }
}

/** The closing sentence of every question: where the answer goes, with an example that is not the answer. */
export function answerFormat(description: string, example: string): string {
  return `${description} Give the final answer once, between <<< and >>>. The form, shown on another question: <<<${example}>>>`
}
