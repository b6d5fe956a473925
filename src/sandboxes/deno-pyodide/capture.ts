import { type DecodedHead, decodeHead } from '../_shared/output.ts'
import { trailerBytes } from './protocol.ts'

/**
 * Collects one stream of a program: keeps its beginning, counts the rest, and notices the trailer that the guest sets
 * under it. The trailer is told by the run's nonce, which no program knows.
 */
export class Capture {
  readonly #nonce: Buffer
  readonly #keepBytes: number
  #kept: Buffer[] = []
  #keptBytes = 0
  #totalBytes = 0
  #tail: Buffer = Buffer.alloc(0)

  constructor(nonce: Buffer, keepBytes: number) {
    this.#nonce = nonce
    this.#keepBytes = keepBytes
  }

  push(chunk: Buffer): void {
    this.#totalBytes += chunk.length
    // The last bytes of what fits may turn out to be the trailer, so room is kept for one more.
    const room = this.#keepBytes + trailerBytes - this.#keptBytes
    if (room > 0) {
      const part = chunk.subarray(0, room)
      this.#kept.push(part)
      this.#keptBytes += part.length
    }
    this.#tail = chunk.length >= trailerBytes ? chunk : Buffer.concat([this.#tail, chunk])
    this.#tail = this.#tail.subarray(-trailerBytes)
  }

  /** How the run ended and its exit status, once the guest has said so; else undefined. */
  get trailer(): { readonly ending: number; readonly exitCode: number } | undefined {
    if (this.#tail.length < trailerBytes || !this.#tail.subarray(0, 16).equals(this.#nonce)) return undefined
    return { ending: this.#tail[16]!, exitCode: this.#tail[17]! }
  }

  /** Bytes that the program wrote. */
  get bytes(): number {
    return this.#totalBytes - (this.trailer ? trailerBytes : 0)
  }

  /** The kept beginning as text, and how much was left out. */
  decoded(): DecodedHead {
    const bytes = this.bytes
    return decodeHead(Buffer.concat(this.#kept).subarray(0, Math.min(bytes, this.#keepBytes)), bytes)
  }
}
