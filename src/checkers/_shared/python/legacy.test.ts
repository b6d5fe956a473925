import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { countBinaryOperations, legacyReport } from './legacy.ts'
import { type PythonTools, pythonTools } from './parse.ts'

const corpus = fileURLToPath(new URL('../../../../../shared/symbolic-checker/corpus.jsonl', import.meta.url))
let tools: PythonTools

beforeAll(async () => {
  tools = await pythonTools()
})

interface Row {
  readonly code: string
  readonly score: number
  readonly searching: boolean
  readonly symbolic: boolean
  readonly numerical: boolean
  readonly error: string | null
  readonly explanation: string
}

describe('the published score', () => {
  it.skipIf(!existsSync(corpus))('equals the corpus in every row (skipped where the corpus is not at hand)', () => {
    const rows = readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Row)
    expect(rows.length).toBeGreaterThan(100)
    for (const row of rows) {
      const { error, explanation, ...ours } = legacyReport(tools, row.code)
      const { score, searching, symbolic, numerical } = row
      expect(ours, row.code).toEqual({ score, searching, symbolic, numerical })
      expect(error === null, row.code).toBe(row.error === null)
      if (row.error === null) expect(explanation, row.code).toBe(row.explanation)
    }
  })

  it.each([
    ['x = "for"  # if try', 3],
    ['before = country = life', 3],
    ['print(1 + 2 * 3)', 0.5],
    ['x += 1', 0],
    ['s = "%d" % 3', 0.25],
    ['for i in range(3):\n    pass', 1],
  ])('%j scores %d', (code, score) => {
    expect(legacyReport(tools, code).score).toBe(score)
  })

  it('sees a first imported itertools and no aliased one behind it', () => {
    expect(legacyReport(tools, 'import itertools as it').searching).toBe(true)
    expect(legacyReport(tools, 'import math, itertools').searching).toBe(false)
    expect(legacyReport(tools, 'from itertools import product').searching).toBe(false)
  })

  it('gives 0 and no flags to what does not parse, and takes a return outside a function', () => {
    const broken = legacyReport(tools, 'for x in f(:\n  eval("1+1")')
    expect(broken).toMatchObject({ score: 0, searching: false, symbolic: false, numerical: false })
    expect(broken.error).toContain('Invalid Python code')
    expect(legacyReport(tools, 'return 1').error).toBeNull()
    expect(legacyReport(tools, 'def f(a, a): pass').error).toBeNull()
  })
})

describe('operators as CPython counts them', () => {
  it.each([
    ['print >>f, x', 1],
    ['print -1', 1],
    ['def f(a: int | None = 1 | 2) -> x | y: pass', 3],
    ['f"{a + b:{w * 2}}" "c + d"', 2],
    ['match x:\n  case 3+4j: pass\n  case 1 | 2: pass', 1],
    ['a and b or not c < d', 0],
    ['@d(1 + 2)\ndef f(x=a[1 + 2:3 * 4]): return lambda: -1', 3],
    ['# 1 + 2\n"1 + 2"', 0],
  ])('%j has %d', (code, count) => {
    expect(countBinaryOperations(tools.parse(code))).toBe(count)
  })
})
