import { describe, expect, it } from 'vitest'
import { literalAt, parseLiteral } from './literal.ts'

const plain = (text: string) => {
  const found = parseLiteral(text)
  return found.ok ? found.value : found.why
}

describe('literals', () => {
  it('reads JSON and Python values and keeps decimals as they stand', () => {
    expect(plain('[1, (2.50, -3), {"a": \'b\'}, None]')).toEqual({
      kind: 'list',
      items: [
        { kind: 'number', text: '1' },
        {
          kind: 'tuple',
          items: [
            { kind: 'number', text: '2.50' },
            { kind: 'number', text: '-3' },
          ],
        },
        {
          kind: 'dict',
          entries: [
            [
              { kind: 'string', value: 'a' },
              { kind: 'string', value: 'b' },
            ],
          ],
        },
        { kind: 'constant', name: 'none' },
      ],
    })
  })

  it('tells a tuple of one from parentheses', () => {
    expect(plain('(1,)')).toEqual({ kind: 'tuple', items: [{ kind: 'number', text: '1' }] })
    expect(plain('(1)')).toEqual({ kind: 'number', text: '1' })
    expect(plain('()')).toEqual({ kind: 'tuple', items: [] })
  })

  it.each([
    '',
    '[',
    '[1',
    '[1 2]',
    '[,]',
    '1_000',
    '0x10',
    '1.2.3',
    '[1]]',
    '"a',
    '{"a" 1}',
    'exit()',
    '[1] + [2]',
    '{1, 2}',
  ])('refuses %j with a reason', text => {
    const found = parseLiteral(text)
    expect(found.ok).toBe(false)
    expect('why' in found && found.why.length).toBeGreaterThan(3)
  })

  it('says where the text goes on', () => {
    const found = literalAt('Step 1: [(5, [0])], then', 8)
    expect(found.ok && found.value.end).toBe(18)
  })

  it('survives deep nesting and megabytes', () => {
    expect(parseLiteral('['.repeat(100_000)).ok).toBe(false)
    const begun = performance.now()
    expect(parseLiteral(`[${'1, '.repeat(300_000)}]`).ok).toBe(true)
    expect(parseLiteral(`"${'\\'.repeat(300_001)}`).ok).toBe(false)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  it('reads escapes', () => {
    expect(plain('"a\\"\\u0041\\n"')).toEqual({ kind: 'string', value: 'a"A\n' })
  })
})
