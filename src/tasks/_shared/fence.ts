import { bare } from './answers.ts'

/** The inside of a text that is wrapped in one Markdown code fence (```json … ```) or in single backticks, else the text. */
export function unfenced(text: string): string {
  const trimmed = text.trim()
  if (trimmed.startsWith('```') && trimmed.endsWith('```') && trimmed.length >= 6) {
    const inner = trimmed.slice(3, -3)
    return inner.includes('```') ? trimmed : inner.replace(/^[A-Za-z0-9_+-]{0,20}[ \t]*\r?\n/, '').trim()
  }
  if (/^`[^`]+`$/.test(trimmed)) return trimmed.slice(1, -1).trim()
  return trimmed
}

/**
 * An answer without its markers and code fence; null when it is longer than `maxLength` characters. Markers with nothing
 * between them are the empty answer: where nothing is to do, it is right.
 */
export function inside(answer: string, maxLength: number): string | null {
  const text = bare(answer)
  if (text.length > maxLength) return null
  return /<<<\s*>>>$/.test(text.slice(-400)) ? '' : unfenced(text)
}
