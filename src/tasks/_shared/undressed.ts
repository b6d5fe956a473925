import { bare } from './answers.ts'

/** Dress that may stand around an answer without changing it; each pattern is anchored at both ends and strips one layer. */
const layers: readonly RegExp[] = [
  /^```[A-Za-z]*\s([\s\S]*)```$/,
  /^\$+([^$]+)\$+$/,
  /^\\\(([\s\S]*)\\\)$/,
  /^\\\[([\s\S]*)\\\]$/,
  /^\*+([^*]+)\*+$/,
  /^_+([^_]+)_+$/,
  /^"([^"]*)"$/,
  /^'([^']*)'$/,
  /^“([^”]*)”$/,
  /^‘([^’]*)’$/,
  /^\{\s*"(?:final_?)?answer"\s*:\s*([\s\S]*)\}$/i,
  /^(?:so,?\s+|therefore,?\s+|thus,?\s+)?(?:the\s+)?(?:final\s+|correct\s+|right\s+)*(?:answer|option|choice)\s*(?:is|:|=)\s*:?\s*([\s\S]+)$/i,
  /^([\s\S]*[^.\s])\s*\.$/,
]

/**
 * The words of a short answer without markers, code fences, markdown, LaTeX, quotes, an `Answer:` label or the closing
 * period; null when it is longer than `longest` characters and so no short answer.
 */
export function undressed(answer: string, longest = 2_000): string | null {
  let text = bare(answer)
  if (text.length > longest) return null
  for (let depth = 0; depth < 2; depth++) {
    text = text.replace(/\\(?:text|textbf|mathrm|mathbf|boxed)\s*\{([^{}]*)\}/g, '$1')
  }
  text = text.replace(/\*\*|`(?!`)(?<!``)/g, '')
  for (let changed = true; changed; ) {
    text = text.trim()
    const layer = layers.find(pattern => pattern.test(text))
    changed = layer !== undefined
    if (layer) text = layer.exec(text)![1]!
  }
  return text
}
