/**
 * A sentence with slots, `{a}` for a number and `{Who}` (capital first) for a word. The same text fills and reads:
 * what `fill` wrote, `match` takes apart again.
 */
export interface Template {
  fill(slots: Readonly<Record<string, string>>): string
  /** The slots when the text has exactly this sentence at `at`, and where it ends. */
  match(text: string, at?: number): { readonly slots: Record<string, string>; readonly end: number } | null
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
const slotName = /\{([A-Za-z]+)\}/g

/** Numbers are whole, perhaps negative; words are letters without blanks: both end where they end, no backtracking. */
export function template(source: string): Template {
  const seen = new Set<string>()
  let pattern = ''
  let from = 0
  for (const found of source.matchAll(slotName)) {
    const name = found[1]!
    pattern += literal(source.slice(from, found.index))
    const isWord = /^[A-Z]/.test(name)
    pattern += seen.has(name) ? `\\k<${name}>` : isWord ? `(?<${name}>[A-Za-z]+)` : `(?<${name}>-?[0-9]{1,400})`
    seen.add(name)
    from = found.index + found[0].length
  }
  pattern += literal(source.slice(from))
  let compiled: RegExp | null = null
  return {
    fill: slots =>
      source.replace(slotName, (_, name: string) => {
        const value = slots[name]
        if (value === undefined) throw new TypeError(`no value for {${name}} in ${JSON.stringify(source)}`)
        return value
      }),
    match(text, at = 0) {
      compiled ??= new RegExp(pattern, 'y')
      compiled.lastIndex = at
      const found = compiled.exec(text)
      return found && { slots: { ...found.groups }, end: at + found[0].length }
    },
  }
}
