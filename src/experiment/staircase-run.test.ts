import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/util/cli.ts'
import { finished, scriptedModel, scriptedSandbox } from '../../test/util/scripted.ts'
import { ProviderError } from '../errors.ts'
import type { ModelRequest } from '../model.ts'
import { load } from '../registry.ts'
import { openSqliteStore } from '../store/sqlite-store.ts'
import type { Task } from '../task.ts'
import { systemClock } from '../util/clock.ts'
import { resolvePlan } from './plan.ts'
import { staircaseDefaults } from './staircase.ts'
import { openStaircaseLog, type StaircaseHead } from './staircase-log.ts'
import { runStaircase, type StaircaseOutcome } from './staircase-run.ts'

const multiply = await load<Task>('tasks', 'number-multiply')
const head: StaircaseHead = { asked: { method: 'all-text-cot', model: 'scripted/model' }, lapse: 0.02, pool: 'test' }
const text = (request: ModelRequest) => String(request.messages.at(-1)?.content)

/** Right on numbers of up to so many digits, for certain. */
function able(digits: number) {
  return (request: ModelRequest): string => {
    const [, product = ''] = /^Product: (.*)$/m.exec(text(request)) ?? []
    const longest = Math.max(...product.match(/\d+/g)!.map(number => number.length))
    const factors = product.replace(/[() ]/g, '').split('*')
    return longest <= digits ? `<<<${multiply.solve({ factors })}>>>` : '<<<7>>>'
  }
}

interface Start {
  readonly says: (request: ModelRequest, nth: number) => string | Promise<string>
  readonly tasks?: readonly string[]
  readonly signal?: AbortSignal
  readonly questions?: number
  readonly tokens?: number
}

/** One start on the files of a folder, as a process would make it. */
async function start(folder: string, { says, tasks = ['number-multiply'], signal, questions, tokens }: Start) {
  const plan = await resolvePlan({
    methods: ['all-text-cot'],
    models: ['simulated/apprentice'],
    tasks,
    limits: { concurrency: 2, tokens: tokens ?? null },
  })
  const log = openStaircaseLog(join(folder, 'half.jsonl'), head)
  const store = openSqliteStore(join(folder, 'half.run'), { access: 'create', clock: systemClock })
  const model = scriptedModel(says)
  let outcome: StaircaseOutcome
  try {
    outcome = await runStaircase({
      plan,
      log,
      store,
      ledger: null,
      search: { ...staircaseDefaults, questions: questions ?? 40 },
      environment: {},
      clock: systemClock,
      sandbox: scriptedSandbox(() => finished('')),
      openModel: async () => model,
      graceMs: 0,
      ...(signal ? { signal } : {}),
    })
  } finally {
    await store.close()
    log.close()
  }
  return { outcome, calls: model.requests.length, lines: log.lines, requests: model.requests }
}

describe('a staircase', () => {
  it('finds where a model that can do so many digits stops being right, and records every question', async () => {
    const folder = temporaryFolder()
    // Levels 1 to 3 have at most 4 digits, level 4 has 8.
    const { outcome, lines, calls } = await start(folder, { says: able(4) })
    expect(outcome).toMatchObject({ end: 'finished', why: null })
    const [{ state, stop, unscored }] = outcome.tasks as [StaircaseOutcome['tasks'][number]]
    expect([stop, unscored]).toEqual(['narrow', 0])
    expect(state.half.low).toBeGreaterThan(2.5)
    expect(state.half.high).toBeLessThan(4.5)
    expect(calls).toBe(state.asked)
    expect(new Set(lines.map(({ level, seed }) => `${level}/${seed}`)).size).toBe(lines.length)
    const written = readFileSync(join(folder, 'half.jsonl'), 'utf8').trim().split('\n')
    expect(written.slice(1).map(line => JSON.parse(line))).toEqual(lines)
    const store = openSqliteStore(join(folder, 'half.run'), { access: 'read', clock: systemClock })
    const rows = await store.summaries()
    await store.close()
    expect(rows.map(row => [row.trajectoryId, row.verdict])).toEqual(lines.map(line => [line.trajectory, line.verdict]))
  })

  it('goes on where it stopped: the same questions as without a stop, and none asked twice', async () => {
    const whole = await start(temporaryFolder(), { says: able(4) })
    const folder = temporaryFolder()
    const abort = new AbortController()
    const first = await start(folder, {
      says: (request, nth) => {
        if (nth === 6) abort.abort(new DOMException('stop', 'AbortError'))
        return able(4)(request)
      },
      signal: abort.signal,
    })
    expect(first.outcome).toMatchObject({ end: 'stopped', why: 'stopped by you' })
    // As after a kill in the middle of a line.
    appendFileSync(join(folder, 'half.jsonl'), '{"type":"asked","task":"numb')
    const second = await start(folder, { says: able(4) })
    const bare = (lines: typeof whole.lines) =>
      lines.map(({ task, level, seed, verdict }) => [task, level, seed, verdict])
    expect(bare(second.lines)).toEqual(bare(whole.lines))
    expect(first.calls + second.calls).toBe(whole.calls)
    expect((await start(folder, { says: able(4) })).calls).toBe(0)
  })

  it('judges a question again from its trajectory when only its line was lost', async () => {
    const folder = temporaryFolder()
    const whole = await start(folder, { says: able(4) })
    const path = join(folder, 'half.jsonl')
    const kept = readFileSync(path, 'utf8').trimEnd().split('\n').slice(0, -1)
    truncateSync(path, 0)
    writeFileSync(path, `${kept.join('\n')}\n`)
    const again = await start(folder, { says: able(4) })
    expect(again.calls).toBe(0)
    expect(again.lines.map(line => line.trajectory)).toEqual(whole.lines.map(line => line.trajectory))
  })

  it('counts a question that could not be judged for nothing, and gives up after three in a row', async () => {
    const broken = () => {
      throw new ProviderError('bad-request', 'refused', 'Ask otherwise.', { retryable: false })
    }
    const once = await start(temporaryFolder(), {
      says: (request, nth) => (nth === 4 ? broken() : able(4)(request)),
    })
    expect(once.outcome).toMatchObject({ end: 'finished', tasks: [{ unscored: 1, stop: 'narrow' }] })
    expect(once.outcome.tasks[0]!.state.asked).toBe(once.lines.length - 1)
    const always = await start(temporaryFolder(), { says: broken })
    expect(always.outcome).toMatchObject({
      end: 'failed',
      why: 'number-multiply could not be judged',
      failure: { kind: 'provider', mend: 'Ask otherwise.' },
      tasks: [{ unscored: 3, stop: 'unscored', state: { asked: 0 } }],
    })
  })

  it('asks no more when the key is wrong', async () => {
    const { outcome, calls } = await start(temporaryFolder(), {
      tasks: ['number-multiply'],
      says: () => {
        throw new ProviderError('authentication', 'wrong key', 'Set the key.', { retryable: false })
      },
    })
    expect([outcome.end, outcome.failure?.message, calls]).toEqual(['failed', 'wrong key', 1])
  })

  it('stops at a cap, and goes on with a higher one', async () => {
    const folder = temporaryFolder()
    const first = await start(folder, { says: able(4), tokens: 60 })
    expect(first.outcome).toMatchObject({ end: 'stopped', why: 'the cap of 60 tokens is reached' })
    expect(first.lines.length).toBeLessThanOrEqual(5)
    const second = await start(folder, { says: able(4), tokens: 100_000 })
    expect(second.outcome.end).toBe('finished')
  })

  it('searches several tasks, each by its own answers', async () => {
    const { outcome } = await start(temporaryFolder(), {
      tasks: ['number-multiply', 'letters'],
      questions: 12,
      says: request => (text(request).includes('Compute this product') ? able(1_000)(request) : '<<<nothing>>>'),
    })
    expect(outcome.tasks.map(({ task, stop }) => [task, stop])).toEqual([
      ['number-multiply', 'above'],
      ['letters', 'below'],
    ])
  })
})

describe('the log', () => {
  const line = { type: 'staircase', format: 1, ...head }
  const path = () => join(temporaryFolder(), 'log.jsonl')

  it('refuses the record of something else, naming what differs', () => {
    const file = path()
    openStaircaseLog(file, head).close()
    const other = { ...head, asked: { ...head.asked, model: 'other/model' } }
    expect(() => openStaircaseLog(file, other)).toThrow(
      /staircase of something else: model "scripted\/model", not "other\/model"/,
    )
    expect(() => openStaircaseLog(file, { ...head, lapse: 0.1 })).toThrow(/lapse 0\.02, not 0\.1/)
  })

  it.each([
    ['a newer format', `${JSON.stringify({ ...line, format: 9 })}\n`, /has format 9, this version reads up to 1/],
    ['another file', 'hello', /is no staircase/],
    ['another JSON file', '{"a":1}\n', /line 1: no line of a staircase/],
    ['a damaged line', `${JSON.stringify(line)}\n{"type":"asked"}\n`, /line 2: no line of a staircase \(task/],
  ])('refuses %s and leaves it as it is', (_, content, words) => {
    const file = path()
    writeFileSync(file, content)
    expect(() => openStaircaseLog(file, head)).toThrow(words)
    expect(readFileSync(file, 'utf8')).toBe(content)
  })

  it('notices another writer instead of mixing lines with it', () => {
    const file = path()
    const log = openStaircaseLog(file, head)
    appendFileSync(file, 'x\n')
    expect(() => log.append({} as never)).toThrow(/written to by another process/)
    log.close()
  })

  it('begins anew when not even the head was written whole', () => {
    const file = path()
    writeFileSync(file, '{"type":"staircase","for')
    const log = openStaircaseLog(file, head)
    log.close()
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(line)}\n`)
  })
})
