import { describe, expect, it } from 'vitest'
import { InputError, SandboxError } from '../../errors.ts'
import type { Availability, SandboxKind } from '../../sandbox.ts'
import { choosePreferred, chooseSandbox } from './choose.ts'
import { limitsOf, maxSourceBytes, refusalOf } from './limits.ts'
import { decodeHead, OutputHead } from './output.ts'
import { withMemoryOutcome } from './process.ts'

describe('decodeHead', () => {
  const bytes = Buffer.from('aé€😀')

  it('keeps whole characters only where the head was cut, and counts the rest as dropped', () => {
    const cuts = Array.from({ length: bytes.length + 1 }, (_, n) => decodeHead(bytes.subarray(0, n), bytes.length).text)
    expect(cuts).toEqual(['', 'a', 'a', 'aé', 'aé', 'aé', 'aé€', 'aé€', 'aé€', 'aé€', 'aé€😀'])
    expect(decodeHead(bytes.subarray(0, 2), bytes.length)).toEqual({ text: 'a', droppedBytes: bytes.length - 1 })
  })

  it('shows what is not UTF-8 as U+FFFD and drops nothing', () => {
    expect(decodeHead(Buffer.from([0x61, 0xff, 0xe2, 0x82]), 4)).toEqual({ text: 'a\ufffd\ufffd', droppedBytes: 0 })
  })

  it('keeps a byte order mark that the program wrote', () => {
    expect(decodeHead(Buffer.from('\ufeffx'), 4).text).toBe('\ufeffx')
  })
})

describe('OutputHead', () => {
  it('keeps the head, counts everything, and asks to stop beyond four times the kept size', () => {
    const head = new OutputHead(4)
    for (const piece of ['ab', 'cdef', 'g'.repeat(10)]) head.push(Buffer.from(piece))
    expect([head.decoded(), head.tooMuch]).toEqual([{ text: 'abcd', droppedBytes: 12 }, false])
    head.push(Buffer.from('!'))
    expect([head.decoded(), head.tooMuch]).toEqual([{ text: 'abcd', droppedBytes: 13 }, true])
  })
})

describe('limitsOf and refusalOf', () => {
  it('fills in the defaults and refuses nonsense with a mend', () => {
    expect(limitsOf({ source: '' }).timeoutMs).toBe(10_000)
    for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => limitsOf({ source: '', timeoutMs })).toThrow(InputError)
    }
  })

  it('refuses by bytes, not characters, and NUL', () => {
    expect(refusalOf('x'.repeat(maxSourceBytes))).toBeUndefined()
    expect(refusalOf('é'.repeat(maxSourceBytes / 2 + 1))?.outcome).toBe('refused')
    expect(refusalOf('print(1)\0')?.stderr).toContain('NUL character at position 8')
  })
})

describe('withMemoryOutcome', () => {
  const ended = (stderr: string, exitCode = 1) =>
    withMemoryOutcome({ outcome: 'finished', exitCode, stdout: '', stderr, droppedBytes: 0, tookMs: 1 }).outcome

  it('reads only an uncaught MemoryError out of the last line', () => {
    expect(ended('Traceback…\nMemoryError\n')).toBe('out-of-memory')
    expect(ended('numpy.core._exceptions._ArrayMemoryError: Unable to allocate 8 GiB\n')).toBe('out-of-memory')
    expect(ended('MemoryError\nValueError: after it\n')).toBe('finished')
    expect(ended('MemoryError\n', 0)).toBe('finished')
  })
})

describe('chooseSandbox', () => {
  const kind = (name: string, preference: number | null, answer: Availability) =>
    ({ name, preference, probe: async () => answer }) as unknown as SandboxKind
  const yes: Availability = { available: true, version: '1' }
  const no: Availability = { available: false, why: 'it is not installed', mend: 'Install it.' }

  it('takes the available kind of lowest preference and never one without', async () => {
    const kinds = [kind('c', 3, yes), kind('unsafe', null, yes), kind('a', 1, no), kind('b', 2, yes)]
    expect((await choosePreferred(kinds)).kind.name).toBe('b')
  })

  it('says of each kind why it is missing and what to do', async () => {
    const attempt = choosePreferred([kind('a', 1, no), kind('unsafe', null, yes)])
    await expect(attempt).rejects.toThrow('no sandbox is available here: a: it is not installed')
    await expect(attempt).rejects.toMatchObject({ kind: 'sandbox', mend: expect.stringContaining('a: Install it.') })
  })

  it('does not fall back from a named kind', async () => {
    await expect(chooseSandbox('unsafe-host')).rejects.toThrow(SandboxError)
    await expect(chooseSandbox('unsafe-host')).rejects.toMatchObject({
      mend: expect.stringContaining('CODESTEER_ALLOW_UNSAFE=1'),
    })
    await expect(chooseSandbox('bublewrap')).rejects.toMatchObject({ mend: expect.stringContaining('"bubblewrap"') })
  })
})
