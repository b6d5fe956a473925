import { describe, expect, it } from 'vitest'
import type { Summary } from '../store/run-store.ts'
import { htmlReport } from './run-html.ts'
import { type RunReport, runReport, tally } from './run-report.ts'
import { csvReport, markdownReport, sections, terminalReport } from './run-text.ts'

const row = (more: Partial<Summary>): Summary => ({
  key: JSON.stringify(more),
  label: 'codesteer',
  method: 'codesteer',
  model: 'fake/model',
  task: 'letters',
  taskVersion: 1,
  level: 1,
  seed: 0,
  pool: 'test',
  trial: 0,
  trajectoryId: 't',
  state: 'done',
  verdict: 'correct',
  why: null,
  answer: '1',
  answerFrom: 'reply',
  stop: 'returned',
  error: null,
  simulated: false,
  turns: 2,
  codeTurns: 1,
  calls: 3,
  inputTokens: 100,
  outputTokens: 20,
  taskTokens: 80,
  costUsd: 0.01,
  tookMs: 2_000,
  checks: { 'self-answer': 'passed' },
  branchOf: null,
  ...more,
})

const splits = new Map([
  ['letters', 'seen'],
  ['game-24', 'unseen'],
] as const)
const report = (rows: readonly Summary[], more: object = {}): RunReport =>
  runReport(rows, { names: ['demo'], splits, resamples: 500, ...more })

/** codesteer: letters 3/4, game-24 1/4; only-question: letters 1/4, game-24 0/4. */
const rows = (['letters', 'game-24'] as const).flatMap(task =>
  [0, 1, 2, 3].flatMap(seed => [
    row({ task, seed, verdict: seed < (task === 'letters' ? 3 : 1) ? 'correct' : 'incorrect' }),
    row({
      task,
      seed,
      label: 'only-question',
      checks: {},
      verdict: task === 'letters' && seed < 1 ? 'correct' : 'incorrect',
      inputTokens: 10,
    }),
  ]),
)

describe('the report of a run', () => {
  it('averages over tasks, raw and normalised, by split', () => {
    const { averages } = report(rows)
    expect(averages.codesteer).toMatchObject({
      seen: { raw: 75, normalised: 100 },
      unseen: { raw: 25, normalised: 100 },
      total: { raw: 50, normalised: 100 },
    })
    expect(averages['only-question']!.total.raw).toBe(12.5)
    expect(averages['only-question']!.total.normalised).toBeCloseTo(100 / 6)
  })

  it('pairs by question and trial, and says in words what holds', () => {
    const [comparison] = report(rows).comparisons
    expect(comparison).toMatchObject({
      a: 'codesteer',
      b: 'only-question',
      pairs: { count: 8, onlyA: 3, onlyB: 0 },
      byTask: { wins: 2, losses: 0, ties: 0 },
    })
    expect(comparison!.difference.mean).toBeCloseTo(37.5)
    expect(comparison!.p).toBeCloseTo(0.25)
    expect(comparison!.sentence).toMatch(/codesteer is better than only-question by 37.5 points/)
  })

  it('counts unscored apart: it is no zero', () => {
    const withUnscored = [
      ...rows,
      row({ seed: 9, verdict: 'unscored', why: 'ours' }),
      row({ seed: 10, state: 'open', verdict: null }),
    ]
    const { counts, rows: table } = report(withUnscored)
    expect(counts).toEqual({ planned: 18, done: 17, left: 1, unscored: 1 })
    expect(table.find(one => one.task === 'letters')!.cells.codesteer).toMatchObject({ n: 4, correct: 3, unscored: 1 })
    expect(tally([row({ verdict: 'unscored' })]).accuracy).toBeNull()
  })

  it('counts cost over all roles, and an unknown price is unknown', () => {
    const { costs } = report([...rows, row({ label: 'free', costUsd: null })])
    expect(costs[0]).toMatchObject({
      column: 'codesteer',
      questions: 8,
      tokens: 120,
      taskTokens: 80,
      seconds: 2,
      calls: 3,
      turns: 2,
      codeTurns: 0.5,
    })
    expect(costs.find(cost => cost.column === 'free')!.costUsd).toBeNull()
  })

  it('holds the checkers against the verifier: false accepts and false rejects', () => {
    const some = [
      row({}),
      row({ seed: 1, verdict: 'incorrect' }),
      row({ seed: 2, checks: { 'self-answer': 'failed' } }),
      row({ seed: 3, verdict: 'incorrect', checks: { 'self-answer': 'inconclusive' } }),
    ]
    expect(report(some).checkers.find(one => one.task === null)).toEqual({
      checker: 'self-answer',
      task: null,
      passedRight: 1,
      passedWrong: 1,
      failedRight: 1,
      failedWrong: 0,
      inconclusive: 1,
    })
  })

  it('leaves branches out, names models when there are several, and compares with the method asked for', () => {
    const branched = [...rows, row({ seed: 0, branchOf: { trajectory: 't', turn: 2 } })]
    expect(report(branched).counts.planned).toBe(16)
    const two = report([...rows, row({ model: 'other/model' })])
    expect(two.columns.map(column => column.id)).toContain('codesteer · other/model')
    expect(report(rows, { against: 'only-question' }).against).toBe('only-question')
    expect(() => report(rows, { against: 'only-questoin' })).toThrow(/no method/)
    expect(() => report([])).toThrow(/no trajectory/)
  })

  it('labels what is simulated in every form', () => {
    const simulated = report(rows.map(one => ({ ...one, simulated: true })))
    for (const form of [terminalReport, markdownReport, htmlReport]) expect(form(simulated)).toContain('SIMULATED')
    expect(csvReport(simulated)).toContain('simulated')
    expect(terminalReport(report(rows))).not.toContain('SIMULATED')
  })

  it('is one page without script or request, and shows words as words', () => {
    const page = htmlReport(
      runReport(
        rows.map(one => ({ ...one, label: one.label === 'codesteer' ? '<script>alert(1)</script>' : one.label })),
        { names: ['<b>x</b>'], splits, resamples: 200 },
      ),
    )
    expect(page).not.toMatch(/<script/i)
    expect(page).not.toMatch(/(src|href)="?https?:/i)
    expect(page).toContain("default-src 'none'")
    expect(page).toContain('&lt;script&gt;')
    expect(page).toContain('<svg')
  })

  it('gives the same tables in every form', () => {
    const made = report(rows)
    const titles = sections(made).map(section => section.title)
    expect(titles).toEqual([
      'Averages',
      'Tasks',
      'Compared with codesteer',
      'Cost',
      'Stop reasons',
      'Checkers against the verifier',
    ])
    for (const title of titles) {
      expect(terminalReport(made)).toContain(title)
      expect(markdownReport(made)).toContain(`## ${title}`)
      expect(htmlReport(made)).toContain(`<h2>${title}</h2>`)
    }
    expect(csvReport(made).split('\n')).toHaveLength(1 + 4 + 1)
  })
})
