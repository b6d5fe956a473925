import pc from 'picocolors'
import type { Kit } from '../../kit.ts'
import type { Output } from './context.ts'

/** A line at the bottom of the terminal that says what is waited for; cleared before anything else is written. */
export interface StatusLine {
  readonly onDelta: NonNullable<Kit['onDelta']>
  waiting(what: string): void
  clear(): void
  close(): void
}

const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/** A status line on a terminal, or nothing at all where there is none. */
export function statusLine(err: Output): StatusLine {
  if (!err.isTTY) return { onDelta: () => {}, waiting: () => {}, clear: () => {}, close: () => {} }
  const begun = { at: Date.now(), what: 'starting', characters: 0 }
  let tick = 0
  const draw = () => {
    const seconds = ((Date.now() - begun.at) / 1_000).toFixed(1)
    const words = begun.characters > 0 ? `, ${begun.characters} characters so far` : ''
    err.write(
      `\r\u001b[2K${pc.dim(`${frames[tick++ % frames.length]} ${begun.what}${words}, ${seconds} s (Ctrl-C stops)`)}`,
    )
  }
  const clear = () => err.write('\r\u001b[2K')
  const timer = setInterval(draw, 120)
  timer.unref()
  return {
    onDelta: ({ role, text }) => {
      begun.what = `the ${role} model writes`
      begun.characters += text.length
    },
    waiting(what) {
      Object.assign(begun, { at: Date.now(), what, characters: 0 })
    },
    clear,
    close() {
      clearInterval(timer)
      clear()
    },
  }
}
