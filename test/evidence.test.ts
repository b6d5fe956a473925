// The tools that measure the tasks notice what they are there to notice.
import { describe, expect, it } from 'vitest'
import { measure } from '../bench/tasks.ts'
import { draw } from '../src/draw.ts'
import { load } from '../src/registry.ts'
import { chooseSandbox } from '../src/sandboxes/_shared/choose.ts'
import { correct, incorrect, type Task } from '../src/task.ts'
import { agreeOnAll, cellKey } from '../tools/agree.ts'
import { agreementDefaults, agreeOnCell, digitEdits, nearMisses } from '../tools/agree-cell.ts'
import { agreementPage, taskTable } from '../tools/agree-page.ts'
import { leakagePage } from '../tools/leakage.ts'
import { gramsOf, leakageOf, Neighbours } from '../tools/leakage-measure.ts'
import { spread } from '../tools/spread.ts'
import { finished, scriptedSandbox } from './util/scripted.ts'

const letters = await load<Task>('tasks', 'letters')
const queens = await load<Task>('tasks', 'eight-queens')
const signal = new AbortController().signal

/** Instead of running the programs it answers the first two questions of level 1 in turn, and checks as it is told. */
function scripted(task: Task, check: (source: string) => boolean = () => true, answer = (right: string) => right) {
  let asked = 0
  return scriptedSandbox(source => {
    if (/^ANSWER = /m.test(source)) return finished(check(source) ? 'Correct\n' : 'Wrong: says the script\n')
    return finished(`<<<${answer(task.solve(draw(task, 1, asked++).puzzle))}>>>\n`)
  })
}

const agree = (task: Task, sandbox = scripted(task)) =>
  agreeOnCell(task, 1, 2, sandbox, { limits: { ...agreementDefaults, lazy: 0 }, parallel: 1, signal })

describe('agreement', () => {
  it('counts what agrees', async () => {
    const cell = await agree(letters)
    expect(cell).toMatchObject({ questions: 2, solved: 2, python: 2, sameText: 2, checks: 0, lazyAsked: 0 })
    expect(cell.mutations).toBeGreaterThan(10)
    expect(cell.refused).toBe(cell.mutations)
    expect(cell.disagreements).toEqual([])
  })

  it.each([
    ['a solution that is refused', { ...letters, verify: () => incorrect('no') }, /solution is judged incorrect: no/],
    ['a wrong answer that is accepted', { ...letters, verify: () => correct }, /accepts the wrong answer/],
    [
      'a task that throws',
      {
        ...letters,
        nearMisses: () => {
          throw new TypeError('of null')
        },
      },
      /the task throws: of null/,
    ],
    [
      'a Python program that is wrong',
      { ...letters, solve: (p: unknown) => letters.solve(p).replace(/\d+/, '9999') },
      /Python's answer is judged incorrect/,
    ],
  ])('notices %s, with the id', async (_, task, what) => {
    const { disagreements } = await agree(task)
    const found = disagreements.find(one => what.test(one.what))
    expect(found?.id).toMatch(/^letters@\d+\/1\/[01]$/)
  })

  it('notices a check program that disagrees, in both directions', async () => {
    const lenient = await agree(
      queens,
      scripted(queens, () => true),
    )
    expect(lenient.disagreements.some(({ what }) => /says Correct, the verifier incorrect/.test(what))).toBe(true)
    const strict = await agree(
      queens,
      scripted(queens, () => false),
    )
    expect(strict.disagreements.some(({ what }) => /says Wrong: .*, the verifier correct/.test(what))).toBe(true)
    for (const cell of [lenient, strict]) expect(cell.checksAgree).toBeLessThan(cell.checks)
  })

  it('makes different wrong answers, and edits of one digit', () => {
    const { puzzle, question } = draw(queens, 3, 0)
    const misses = nearMisses(queens, puzzle, question.id, 10)
    expect(new Set(misses).size).toBe(10)
    expect(digitEdits('no digit', 'x', 5)).toEqual([])
    for (const edit of digitEdits('0.123456789', 'x', 30)) expect(edit).toMatch(/^\d\.\d{5}6789$/)
    for (const edit of digitEdits('12, 34', 'x', 5)) {
      expect(edit).toMatch(/^\d\d, \d\d$/)
      expect([...edit].filter((character, i) => character !== '12, 34'[i])).toHaveLength(1)
    }
  })

  it('stops at once when told, keeps whole cells and does not run known ones again', async () => {
    const kept: { key: string; cell: Awaited<ReturnType<typeof agree>> }[] = []
    const abort = new AbortController()
    const sandbox = scripted(letters, undefined, right => {
      if (kept.length === 2) abort.abort()
      return right
    })
    const common = { parallel: 1, keep: (one: (typeof kept)[number]) => void kept.push(one) }
    const first = await agreeOnAll([letters], 8, sandbox, { ...common, signal: abort.signal, known: new Map() })
    expect(kept.map(({ cell }) => cell.level)).toEqual([1, 2])
    expect(first.length).toBeLessThanOrEqual(3)
    expect(kept[0]!.key).toBe(cellKey(letters, 1, 1))
    const known = new Map(kept.map(({ key, cell }) => [key, cell]))
    const again = scripted(letters)
    const second = await agreeOnAll([letters], 8, again, { ...common, signal, known })
    expect(second.map(cell => cell.level)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(second.slice(0, 2)).toEqual([kept[0]!.cell, kept[1]!.cell])
    expect(again.sources.filter(source => source.includes('WORD')).length).toBeGreaterThanOrEqual(6)
  })

  it('writes a page that lists every disagreement and never rounds up to all', async () => {
    const cell = { ...(await agree(queens)), questions: 2_000, python: 1_999 }
    const facts = {
      command: 'npm run agree',
      date: '2030-01-02',
      version: '1.2.3',
      sandbox: 'scripted',
      perTask: 2_000,
      limits: agreementDefaults,
      tookMs: 120_000,
    }
    const bad = { ...cell, disagreements: [{ id: 'eight-queens@1/1/7', what: 'two\nlines' }] }
    expect(taskTable([queens], [cell])).toContain('| eight-queens | 2,000 | 0.1 % | 99.9 % |')
    expect(agreementPage([queens], [bad], facts)).toContain('- `eight-queens@1/1/7`: two lines')
    expect(agreementPage([queens], [{ ...cell, disagreements: [] }], facts)).toContain('**No disagreement** in 2,000')
  })

  it('holds for real: Python in the sandbox, on a task with and one without a check program', async ({ skip }) => {
    const chosen = await chooseSandbox(undefined).catch((error: Error) => skip(`no sandbox: ${error.message}`))
    const sandbox = await chosen.kind.open({ parallel: 2 })
    try {
      const cells = await agreeOnAll([letters, queens], 16, sandbox, {
        parallel: 2,
        signal,
        known: new Map(),
        keep: () => {},
      })
      expect(cells.flatMap(cell => cell.disagreements)).toEqual([])
      expect(cells.reduce((sum, cell) => sum + cell.python, 0)).toBe(32)
      expect(cells.some(cell => cell.lazyAsked > cell.lazyRight)).toBe(true)
    } finally {
      await sandbox.close()
    }
  }, 60_000)
})

describe('leakage', () => {
  it('finds none between the pools of a task', () => {
    const result = leakageOf(letters, 80)
    expect(result).toMatchObject({ identical: 0, samePrompt: 0, repeated: 0, perPool: 80 })
    expect(result.nearest.similarity).toBeGreaterThan(0)
    expect(result.nearest.other).toMatch(/\/train$/)
    expect(leakagePage([result], 80)).toContain('**0 puzzles and 0 prompts are in both pools**, of 80 in each')
  })

  it('sees what an identity that is too fine would let through', () => {
    let drawn = 0
    const leaky: Task = {
      ...letters,
      generate: () => ({ word: 'strawberry', letter: 'r', nth: drawn++ }),
      ask: () => 'How many r?',
    }
    const result = leakageOf(leaky, 40)
    expect(result.identical).toBe(0)
    expect(result.samePrompt).toBe(40)
    const coarse = leakageOf({ ...leaky, identity: p => (p as { nth: number }).nth }, 40)
    expect(coarse.nearest.similarity).toBeGreaterThan(0.5)
  })

  it('measures the Jaccard index of 5-grams', () => {
    const known = new Map<string, number>()
    const sets = ['abcdefgh', 'abcdefghi', 'zzzzz', 'ab'].map(text => gramsOf(text, known))
    expect(sets.map(set => set.length)).toEqual([4, 5, 1, 1])
    const neighbours = new Neighbours(sets)
    expect(neighbours.nearest(sets[0]!, 0)).toEqual({ similarity: 4 / 5, at: 1 })
    expect(neighbours.nearest(sets[2]!, 2)).toEqual({ similarity: 0, at: 0 })
    expect(new Neighbours([]).nearest(sets[0]!)).toEqual({ similarity: 0, at: -1 })
  })
})

describe('timing', () => {
  it('spreads questions evenly over the levels', () => {
    expect(spread(1_000, 8)).toEqual(Array.from({ length: 8 }, () => 125))
    expect(spread(10, 7)).toEqual([2, 2, 2, 1, 1, 1, 1])
  })

  it('measures draw, solve and verify of every question, on two workers', async () => {
    const timing = await measure({ count: 16, slugs: ['letters', 'number-multiply'] })
    expect(timing).toMatchObject({ questions: 32, workers: 2 })
    for (const row of timing.tasks) {
      expect(row.questions).toBe(16)
      expect(row.totalMs).toBeCloseTo(row.drawMs + row.solveMs + row.verifyMs, 5)
      expect(row.drawMs).toBeGreaterThan(0)
    }
  })
})
