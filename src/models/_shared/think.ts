const open = '<think>'
const close = '</think>'

/**
 * Takes the reasoning that some open models write into their text apart from it. Chat templates that put `<think>` at the
 * end of the prompt leave a reply with the closing tag only; a reply cut off while thinking has the opening tag only.
 */
export function splitThinking(text: string): { readonly text: string; readonly reasoning: string | null } {
  const from = text.indexOf(open)
  const to = text.indexOf(close)
  if (to >= 0 && (from < 0 || from > to || text.slice(0, from).trim() === '')) {
    const start = from >= 0 && from < to ? from + open.length : 0
    return { text: text.slice(to + close.length).trimStart(), reasoning: text.slice(start, to).trim() || null }
  }
  if (from >= 0 && to < 0 && text.slice(0, from).trim() === '') {
    return { text: '', reasoning: text.slice(from + open.length).trim() || null }
  }
  return { text, reasoning: null }
}

type Delta = { readonly kind: 'text' | 'reasoning'; readonly text: string }

/** Sorts arriving text into thinking and answer for the screen; what may be half a tag waits for its other half. */
export function thinkingDeltas(emit: (delta: Delta) => void): { push(text: string): void; end(): void } {
  let state: 'start' | 'reasoning' | 'text' = 'start'
  let held = ''
  const say = (kind: 'text' | 'reasoning', text: string) => {
    if (text) emit({ kind, text })
  }
  const step = (): boolean => {
    if (state === 'text') {
      say('text', held)
      held = ''
      return false
    }
    if (state === 'start') {
      const body = held.trimStart()
      if (body.startsWith(open)) {
        held = body.slice(open.length)
        state = 'reasoning'
        return true
      }
      if (open.startsWith(body)) return false
      state = 'text'
      return true
    }
    const to = held.indexOf(close)
    if (to < 0) {
      const keep = halfTag(held)
      say('reasoning', held.slice(0, held.length - keep))
      held = held.slice(held.length - keep)
      return false
    }
    say('reasoning', held.slice(0, to))
    held = held.slice(to + close.length).trimStart()
    state = 'text'
    return true
  }
  return {
    push(text) {
      held += text
      while (step());
    },
    end() {
      say(state === 'reasoning' ? 'reasoning' : 'text', held)
      held = ''
    },
  }
}

/** Length of the longest end of the text that begins the closing tag. */
function halfTag(text: string): number {
  for (let n = Math.min(close.length - 1, text.length); n > 0; n--) if (close.startsWith(text.slice(-n))) return n
  return 0
}
