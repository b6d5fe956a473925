import { describe, expect, it } from 'vitest'
import { canonicalJson, contentHash } from './hash.ts'

describe('canonicalJson', () => {
  it('has one text for equal values, whatever the order of their keys', () => {
    expect(canonicalJson({ b: 1, a: [2, 'ä'] })).toBe('{"a":[2,"ä"],"b":1}')
    expect(contentHash({ b: 1, a: 2 })).toBe(contentHash({ a: 2, b: 1 }))
  })

  it('takes half a character, wherever it stands', () => {
    expect(canonicalJson({ 'k\ud800': ['x\udc00', { y: '\ud83d' }], whole: '😀' })).toBe(
      '{"k�":["x�",{"y":"�"}],"whole":"😀"}',
    )
  })

  it('throws on what JSON cannot hold', () => {
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => canonicalJson(value)).toThrow()
  })
})
