import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

/** Reads what a file gains, line by line; the file may not exist yet. A file that became shorter is read from its new end. */
export function tailOf(path: string, fromByte = 0) {
  const decoder = new StringDecoder('utf8')
  let [at, rest] = [fromByte, '']
  const buffer = Buffer.alloc(1 << 16)
  return {
    /** The whole lines since the last call. */
    lines(): string[] {
      if (!existsSync(path)) return []
      const file = openSync(path, 'r')
      try {
        if (statSync(path).size < at) [at, rest] = [statSync(path).size, '']
        for (;;) {
          const got = readSync(file, buffer, 0, buffer.length, at)
          if (got === 0) break
          at += got
          rest += decoder.write(buffer.subarray(0, got))
        }
      } finally {
        closeSync(file)
      }
      const lines = rest.split('\n')
      rest = lines.pop()!
      return lines
    },
  }
}

/** A file's bytes, 0 when there is none. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
