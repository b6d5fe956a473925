/**
 * The question of a published sample without the published request for a format (ours replaces it), or null when there
 * is no text.
 */
export function publishedQuestion(question: string | null): string | null {
  if (typeof question !== 'string') return null
  const end = question.search(/\n\s*Output final answer with the format/)
  const text = (end < 0 ? question : question.slice(0, end)).trim()
  return text === '' ? null : text
}
