import { describe, expect, it } from 'vitest'
import type { RunSnapshot } from '../../experiment/progress.ts'
import { RunProgress } from '../../experiment/progress.ts'
import type { Summary, WorkItem } from '../../store/run-store.ts'
import { liveBlock } from './live-block.ts'
import { runLine, runLines } from './run-display.ts'

const item = (n: number, label = 'codesteer'): WorkItem => ({
  key: `${label}-${n}`,
  label,
  method: label,
  model: 'openai/gpt-4.1',
  task: 'letters',
  taskVersion: 1,
  level: 1,
  seed: n,
  pool: 'test',
  trial: 0,
})

const done = (of: WorkItem, more: Partial<Summary> = {}) =>
  ({
    ...of,
    state: 'done',
    verdict: 'correct',
    error: null,
    simulated: false,
    calls: 2,
    inputTokens: 900,
    outputTokens: 100,
    costUsd: 0.01,
    ...more,
  }) as Summary

const spent = { calls: 8, inputTokens: 3_600, outputTokens: 400, costUsd: 0.04 }

function progressAt(minutes: number): { progress: RunProgress; snapshot: () => RunSnapshot } {
  let now = 0
  const progress = new RunProgress(() => now)
  for (let n = 0; n < 10; n++) progress.add(item(n))
  progress.earlier(done(item(0)))
  progress.earlier(done(item(1), { state: 'failed', verdict: 'unscored', error: 'provider/overloaded' }))
  now = minutes * 60_000
  for (const n of [1, 2, 3]) progress.begin(item(n))
  progress.end(item(1), done(item(1), { verdict: 'incorrect' }))
  progress.end(item(2), done(item(2), { verdict: 'unscored', error: 'provider/context-overflow' }))
  return {
    progress,
    snapshot: () => progress.snapshot({ spent, spentNow: spent, providers: [], stopping: null }),
  }
}

describe('the progress of a run', () => {
  it('counts what earlier starts left, what is under way, and failures by kind until they are mended', () => {
    const { snapshot, progress } = progressAt(2)
    expect(snapshot()).toMatchObject({
      total: 10,
      done: 3,
      left: 7,
      underWay: 1,
      failed: 0,
      errors: { 'provider/context-overflow': 1 },
      cells: [{ done: 3, total: 10, correct: 1, scored: 2, tokens: 3_000, costUsd: 0.03 }],
    })
    progress.end(item(3), done(item(3), { state: 'failed', error: 'sandbox', costUsd: null }))
    expect(snapshot()).toMatchObject({ failed: 1, underWay: 0, errors: { sandbox: 1 } })
  })

  it('tells the rate of late and the time left', () => {
    const { snapshot } = progressAt(2)
    expect(snapshot().perMinute).toBeCloseTo(1)
    expect(snapshot().leftMs).toBeCloseTo(7 * 60_000)
  })
})

describe('the display of a run', () => {
  const plain = { columns: 200, colour: false, cells: 10 }

  it('shows totals, a row per method and model with its interval, and failures', () => {
    const lines = runLines(progressAt(2).snapshot(), plain)
    expect(lines[0]).toBe('3 of 10 done (30 %), 1 under way, 1.0 a minute, about 7 min left, $0.0400, 4000 tokens')
    expect(lines[2]).toMatch(/^codesteer +openai\/gpt-4.1 +3\/10 +50.0 % +9.5 to 90.5 +3000 +\$0.0300$/)
    expect(lines[3]).toBe('failures: 1 × provider/context-overflow')
  })

  it('shows a provider that is away, one that pushes back with configured and held-to limits, and why it stops', () => {
    const base = {
      requestsPerMinute: null,
      underWay: 0,
      inLine: 0,
      pushedBack: 0,
      concurrency: 8,
      effective: 8,
      away: null,
    }
    const providers = [
      { ...base, provider: 'a', away: { forMs: 840_000, nextInMs: 32_000, why: 'ECONNREFUSED\u001b[2J', calls: 3 } },
      { ...base, provider: 'b', effective: 2, pushedBack: 5 },
      { ...base, provider: 'c' },
    ]
    const snapshot = {
      ...progressAt(2).snapshot(),
      providers,
      stopping: 'the spend cap of $1 is reached',
      simulated: true,
    }
    const text = runLines(snapshot, plain).join('\n')
    expect(text).toContain('a is away for 14 min, 3 calls wait, next try in 32 s: ECONNREFUSED�[2J')
    expect(text).toContain('b: 2 calls at once of 8 configured (told 5 times to slow down)')
    expect(text).not.toMatch(/^c[: ]/m)
    expect(text).toContain('stopping: the spend cap of $1 is reached')
    expect(text).toMatch(/^\(simulated\)/)
    expect(runLine(snapshot)).toContain('a is away for 14 min')
  })

  it('fits any width and any number of cells', () => {
    const progress = new RunProgress(() => 0)
    for (let n = 0; n < 60; n++) progress.add(item(n, `a method with a very long label, number ${n}`))
    const snapshot = progress.snapshot({ spent, spentNow: spent, providers: [], stopping: null })
    const lines = runLines(snapshot, { columns: 40, colour: false, cells: 5 })
    expect(lines).toHaveLength(1 + 1 + 5 + 1)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(40)
    expect(lines.at(-1)).toBe('… and 55 more')
  })
})

describe('a live block', () => {
  const terminal = (isTTY: boolean) => {
    const written: string[] = []
    return { written, out: { write: (text: string) => void written.push(text), isTTY, columns: 80 } }
  }

  it('draws over itself, in one write each, and clears what it drew', () => {
    const { out, written } = terminal(true)
    const block = liveBlock(out)
    block.draw(['a', 'b'])
    block.draw(['c'])
    block.clear()
    block.clear()
    expect(written).toEqual([
      '\u001b[2Ka\n\u001b[2Kb\n\u001b[0J',
      '\u001b[2A\u001b[2Kc\n\u001b[0J',
      '\u001b[1A\u001b[0J',
    ])
  })

  it('draws nothing where there is no terminal', () => {
    const { out, written } = terminal(false)
    const block = liveBlock(out)
    block.draw(['a'])
    block.clear()
    expect(written).toEqual([])
  })
})
