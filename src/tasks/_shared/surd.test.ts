import { describe, expect, it } from 'vitest'
import { pi, rootOf, showSurd, surd, surdApply, surdEqual, surdPower, surdRoot } from './surd.ts'

const root = (n: bigint, d = 1n) => rootOf({ num: n, den: d })!

describe('exact numbers with roots and pi', () => {
  it('reduces radicands and rationalises denominators', () => {
    expect(showSurd(root(300n))).toBe('10*sqrt(3)')
    expect(showSurd(surdApply('/', surd(10n), root(3n))!)).toBe('10*sqrt(3)/3')
    expect(showSurd(root(1n, 12n))).toBe('sqrt(3)/6')
    expect(showSurd(root(2n ** 40n * 7n))).toBe(`${2n ** 20n}*sqrt(7)`)
  })

  it('decides equality without approximation, also of quotients of sums', () => {
    const golden = surdApply('/', surdApply('+', surd(1n), root(5n))!, surd(2n))!
    const other = surdApply('/', surd(2n), surdApply('-', root(5n), surd(1n))!)!
    expect(surdEqual(golden, other)).toBe(true)
    expect(surdEqual(pi, surd(3141592653589793n, 1000000000000000n))).toBe(false)
    expect(surdEqual(surdPower(golden, 2)!, surdApply('+', golden, surd(1n))!)).toBe(true)
  })

  it('takes roots of a + b sqrt(c) where they come out, and says null elsewhere', () => {
    const inner = surdApply('-', surd(6n), surdApply('*', surd(2n), root(5n))!)!
    expect(showSurd(surdRoot(inner)!)).toBe('-1 + sqrt(5)')
    expect(surdRoot(surdApply('+', surd(1n), root(2n))!)).toBeNull()
    expect(surdRoot(surd(-4n))).toBeNull()
  })

  it('recognises a large radicand by the radicands that matter, without factoring', () => {
    const large = 1_000_000_007n ** 2n * 39n
    expect(showSurd(rootOf({ num: large, den: 1n }, [39n])!)).toBe('1000000007*sqrt(39)')
  })

  it('refuses monsters instead of computing them', () => {
    expect(surdPower(surd(10n ** 200n), 400)).toBeNull()
    expect(surdApply('/', surd(1n), surd(0n))).toBeNull()
  })
})
