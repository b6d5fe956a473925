/** True when a pattern with `*` (any run of characters, slashes included) covers the whole text, whatever the case. */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.toLowerCase().split('*')
  const subject = text.toLowerCase()
  const [first, ...rest] = parts
  if (!subject.startsWith(first!)) return false
  if (rest.length === 0) return subject === first
  const last = rest.pop()!
  let at = first!.length
  for (const part of rest) {
    const found = subject.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return subject.length - last.length >= at && subject.endsWith(last)
}
