import { outputFactor } from './limits.ts'

/** A decoded head of an output. */
export interface DecodedHead {
  readonly text: string
  /** Bytes that the program wrote and that are not in the text. */
  readonly droppedBytes: number
}

/**
 * Decodes the kept head of an output of `total` bytes as UTF-8, with U+FFFD for what is not UTF-8. Where the head was
 * cut inside a character, that character's bytes count as dropped instead of becoming a U+FFFD that nobody wrote.
 */
export function decodeHead(head: Uint8Array, total: number): DecodedHead {
  const kept = total > head.length ? head.subarray(0, wholeCharacters(head)) : head
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept), droppedBytes: total - kept.length }
}

/** How many leading bytes remain when an unfinished last character is left out. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return needs > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** Takes one output stream: keeps its first `keepBytes`, counts the rest, and knows when the program must be stopped. */
export class OutputHead {
  readonly keepBytes: number
  total = 0
  #chunks: Uint8Array[] = []
  #kept = 0

  constructor(keepBytes: number) {
    this.keepBytes = keepBytes
  }

  push(chunk: Uint8Array): void {
    this.total += chunk.length
    const room = this.keepBytes - this.#kept
    if (room <= 0) return
    const part = chunk.length > room ? chunk.slice(0, room) : chunk
    this.#chunks.push(part)
    this.#kept += part.length
  }

  /** True once more than `outputFactor` times the kept size was written. */
  get tooMuch(): boolean {
    return this.total > outputFactor * this.keepBytes
  }

  decoded(): DecodedHead {
    return decodeHead(Buffer.concat(this.#chunks), this.total)
  }
}
