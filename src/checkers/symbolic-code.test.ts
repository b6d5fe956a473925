import { beforeAll, describe, expect, it } from 'vitest'
import type { StepKit } from '../kit.ts'
import { published, type SteerSettings, steerDefaults } from '../settings.ts'
import type { Turn } from '../trajectory.ts'
import { type PythonTools, pythonTools } from './_shared/python/parse.ts'
import checker, { checkSource, judge } from './symbolic-code.ts'

let tools: PythonTools

beforeAll(async () => {
  tools = await pythonTools()
})

function turnWith(source: string | null): Turn {
  return {
    index: 1,
    guidance: { action: 'return', reason: '', raw: null },
    reply: null,
    source,
    run: null,
    checks: [],
    answer: null,
  }
}

/** The checker must need nothing of the kit but its settings. */
const kitWith = (settings: SteerSettings) => ({ settings }) as StepKit

async function report(source: string | null, settings = steerDefaults) {
  const step = await checker.check(turnWith(source), kitWith(settings)).next()
  expect(step.done).toBe(true)
  return step.value
}

const search = 'from itertools import permutations as P\nprint([p for p in P("abcd") if p[0] < p[1] < p[3]])'

describe('symbolic-code', () => {
  it('has nothing to look at without a program', async () => {
    expect(await report(null)).toBeNull()
  })

  it('passes real work, fails typed answers and broken programs, and leaves little work undecided', async () => {
    expect(await report(search)).toMatchObject({ outcome: 'passed' })
    expect(await report('print("<<<42>>>")')).toMatchObject({ outcome: 'failed' })
    expect(await report('print(1')).toMatchObject({ outcome: 'failed' })
    expect(await report('while True:\n    x = 1\nprint(x)')).toMatchObject({ outcome: 'failed' })
    expect(await report('a = 3\nprint(a + 4)')).toMatchObject({ outcome: 'inconclusive' })
  })

  it('follows the published rule when the settings say so', async () => {
    const loops = 'for a in range(9):\n    for b in range(9):\n        if a * b == 42:\n            print(a, b)'
    expect(await report(loops, published)).toMatchObject({ outcome: 'passed', detail: { error: null } })
    const words = '# before the information: if, for\nprint("<<<42>>>")'
    expect(await report(words, published)).toMatchObject({ outcome: 'passed' })
    expect(await report(words)).toMatchObject({ outcome: 'failed' })
    expect(await report('print(1)', published)).toMatchObject({ outcome: 'failed' })
  })

  it('tells the coach the line, the reason and what would be better, briefly', () => {
    const { told } = judge(tools, 'def solve():\n    return 41 + 1\nprint("<<<42>>>")')
    expect(told).toContain('line 3')
    expect(told).toContain('solve')
    expect(told).toContain('Better: call the function')
  })

  it('never floods', () => {
    const noise = Array.from({ length: 60 }, (_, i) => `import m${i}\nd${i} = [1, 2]\ndef f${i}():\n    return ${i}`)
    const { told } = judge(tools, `${noise.join('\n')}\nprint("42")`)
    expect(told.split('\n').length).toBeLessThanOrEqual(12)
  })
})

describe('checkSource', () => {
  it('gives the corpus fields and no others for the published rule', async () => {
    const row = await checkSource('print(1 + 2)', { legacy: true })
    expect(Object.keys(row).sort()).toEqual(['error', 'explanation', 'numerical', 'score', 'searching', 'symbolic'])
  })

  it('determines the flags from what the output depends on', async () => {
    expect(await checkSource(search)).toMatchObject({ searching: true, symbolic: false, error: null, lazy: false })
    expect(await checkSource('for i in range(3):\n    x = i + i\nprint("a" "b")')).toMatchObject({
      searching: false,
      numerical: false,
      lazy: true,
    })
    expect((await checkSource('x = (')).error).toMatch(/^line 1: /)
  })
})
