import type { Output } from './context.ts'

/** Lines at the bottom of a terminal that are drawn over and over. */
export interface LiveBlock {
  draw(lines: readonly string[]): void
  /** Takes the lines away, so that something else can be written above them. */
  clear(): void
}

/** Lines must fit the terminal's width: a wrapped one would be counted wrongly. Nothing is drawn where there is no terminal. */
export function liveBlock(out: Output): LiveBlock {
  let drawn = 0
  const clear = () => {
    if (drawn > 0) out.write(`\u001b[${drawn}A\u001b[0J`)
    drawn = 0
  }
  return {
    draw(lines) {
      if (!out.isTTY) return
      // One write, so that the terminal never shows the half of it.
      const up = drawn > 0 ? `\u001b[${drawn}A` : ''
      out.write(`${up}${lines.map(line => `\u001b[2K${line}\n`).join('')}\u001b[0J`)
      drawn = lines.length
    },
    clear,
  }
}
