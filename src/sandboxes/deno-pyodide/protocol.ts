/**
 * What host and guest agree on. Once booted the guest writes one byte, `ready`, to stdout. The host answers with a
 * length (4 bytes, little endian) and that many bytes of JSON (GuestRequest). From then on stdout and stderr carry the
 * program's own bytes, unframed; at the end each of the two gets a trailer, and nothing follows it.
 */

export interface GuestRequest {
  readonly source: string
  readonly stdin: string
  /** Ceiling of the WebAssembly memory, in bytes. */
  readonly memoryBytes: number
  /** 16 random bytes as hex; the trailer begins with them, so that the program cannot write one. */
  readonly nonce: string
}

export const ready = 0x52
/** The trailer: nonce (16 bytes), how it ended (one of `endings`), exit status. */
export const trailerBytes = 18
export const endings = { finished: 0, outOfMemory: 1 } as const
/** Bytes of SHA-256 in front of the snapshot in its file. */
export const snapshotHeaderBytes = 32
/** What a program may write into files, in all. They lie in the guest's memory, beside that of the interpreter. */
export const scratchBytes = 128 * 2 ** 20
