import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deniedCalls, filterArchitecture, seccompFilter } from './seccomp.ts'

const ALLOW = 0x7fff0000
const EPERM = 0x00050001
const ENOSYS = 0x00050026
const KILL = 0x80000000
const x64 = 0xc000003e

/** Runs the filter as the kernel would, on a struct seccomp_data with the given call. */
function verdict(filter: Buffer, call: { nr: number; arch?: number; args?: number[] }): number {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(call.nr >>> 0, 0)
  data.writeUInt32LE((call.arch ?? x64) >>> 0, 4)
  call.args?.forEach((value, index) => {
    data.writeUInt32LE(value >>> 0, 16 + 8 * index)
  })
  let accumulator = 0
  for (let at = 0; at < filter.length / 8; at++) {
    const [code, ifTrue, ifFalse] = [filter.readUInt16LE(at * 8), filter[at * 8 + 2]!, filter[at * 8 + 3]!]
    const value = filter.readUInt32LE(at * 8 + 4)
    if (code === 0x20) accumulator = data.readUInt32LE(value)
    else if (code === 0x15) at += accumulator === value ? ifTrue : ifFalse
    else if (code === 0x35) at += accumulator >= value ? ifTrue : ifFalse
    else if (code === 0x45) at += (accumulator & value) !== 0 ? ifTrue : ifFalse
    else if (code === 0x06) return value
    else throw new Error(`instruction ${code}`)
  }
  throw new Error('the filter ends without a verdict')
}

describe('seccompFilter', () => {
  const filter = seccompFilter('x64')

  it('denies each listed call and allows the ones programs live on', () => {
    for (const [name, [nr]] of Object.entries(deniedCalls)) {
      if (nr !== null) expect(verdict(filter, { nr }), name).toBe(EPERM)
    }
    // read, write, close, mmap, fork, execve, socketpair, futex, openat
    for (const nr of [0, 1, 3, 9, 57, 59, 53, 202, 257]) expect(verdict(filter, { nr }), String(nr)).toBe(ALLOW)
  })

  it('kills foreign architectures and x32 calls', () => {
    expect(verdict(filter, { nr: 0, arch: 0x40000003 })).toBe(KILL)
    expect(verdict(filter, { nr: 0x40000000 + 41 })).toBe(KILL)
  })

  it('reads the arguments of clone, ioctl and prlimit64', () => {
    expect(verdict(filter, { nr: 56, args: [0x01200011] })).toBe(ALLOW)
    expect(verdict(filter, { nr: 56, args: [0x10000000] })).toBe(EPERM)
    expect(verdict(filter, { nr: 435 })).toBe(ENOSYS)
    expect(verdict(filter, { nr: 16, args: [1, 0x5401] })).toBe(ALLOW)
    expect(verdict(filter, { nr: 16, args: [1, 0x5412] })).toBe(EPERM)
    expect(verdict(filter, { nr: 302, args: [0, 7] })).toBe(ALLOW)
    expect(verdict(filter, { nr: 302, args: [1, 7] })).toBe(EPERM)
  })

  it('knows x64 and arm64 only', () => {
    expect(filterArchitecture('x64')).toBe('x64')
    expect(filterArchitecture('arm64')).toBe('arm64')
    expect(filterArchitecture('riscv64')).toBeUndefined()
    const arm = seccompFilter('arm64')
    expect(verdict(arm, { nr: 198, arch: 0xc00000b7 })).toBe(EPERM)
    expect(verdict(arm, { nr: 63, arch: 0xc00000b7 })).toBe(ALLOW)
    expect(verdict(arm, { nr: 63 })).toBe(KILL)
  })
})

describe('the call numbers', () => {
  const headers = [
    ['/usr/include/x86_64-linux-gnu/asm/unistd_64.h', 0],
    ['/usr/include/asm-generic/unistd.h', 1],
  ] as const
  for (const [path, column] of headers) {
    it.skipIf(!existsSync(path))(`are those of ${path} (skipped where the header is not installed)`, () => {
      const known = new Map<string, number>()
      for (const [, name, number] of readFileSync(path, 'utf8').matchAll(/#define __NR(?:3264)?_(\w+)\s+(\d+)/g)) {
        known.set(name!, Number(number))
      }
      for (const [name, numbers] of Object.entries(deniedCalls)) {
        const listed = known.get(name)
        // Calls newer than the header are not in it.
        if (listed !== undefined) expect(numbers[column], name).toBe(listed)
        else expect(numbers[column] === null || numbers[column]! > 400, name).toBe(true)
      }
    })
  }
})
