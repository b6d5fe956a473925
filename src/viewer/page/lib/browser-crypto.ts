import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** What `src/util` uses of `node:crypto`, for the page that has no Node: the same digests. */
export function createHash(_algorithm: 'sha256') {
  const hash = sha256.create()
  const self = {
    update(text: string) {
      hash.update(new TextEncoder().encode(text))
      return self
    },
    digest(form?: 'hex') {
      const bytes = hash.digest()
      if (form === 'hex') return bytesToHex(bytes)
      const view = new DataView(bytes.buffer, bytes.byteOffset)
      return { readInt32BE: (at: number) => view.getInt32(at) }
    },
  }
  return self
}
