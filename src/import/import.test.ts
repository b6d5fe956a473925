import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writePublished } from '../../test/fixtures/published.ts'
import { cli, temporaryFolder } from '../../test/util/cli.ts'
import { sharedMissing, sharedRoot } from '../../test/util/shared.ts'
import type { PublishedSample } from '../task.ts'
import { openPublished, readEntry } from './read.ts'
import { lastBoxed } from './word-problems.ts'

function readAll(path: string) {
  const { entries, ...rest } = openPublished(path)
  const readings = entries.map(readEntry)
  const rows = readings.flatMap(reading => (reading.ok ? [reading.row] : []))
  const problems = readings.flatMap(reading => (reading.ok ? [] : [reading]))
  return { ...rest, rows, problems, row: (id: string) => rows.find(row => row.sample === id) }
}

describe('the published layout', () => {
  it('gives every sample its id and its fields', () => {
    const { row, layout } = readAll(writePublished(temporaryFolder()).gather)
    expect(layout).toBe('published')
    expect(row('sample_1')).toMatchObject({ task: '2048', complexity: 1, solution: { moves: 'd' } })
    const queens = 'eight_queens_dataset_varied_complexity/eight_queens_dataset_complexity1/sample_3'
    expect(row(queens)).toMatchObject({ task: 'eight-queens', question: 'Queens.' })
    expect(row('number_multiply/digit_1_2/sample_0')).toMatchObject({
      complexity: '1x2',
      solution: { input_value_list: '[3, -12]', target_answer: '-36' },
    })
    expect(row('Letters_dataset_min_length_5_max_length_10/a_3_0')).toMatchObject({
      solution: 'banana',
      letter: 'a',
      count: 3,
      complexity: '5-10/3',
      question: null,
    })
    expect(row('navigate:1')).toMatchObject({ solution: 'Yes', index: 1, complexity: 2, canary: 'no training' })
    expect(row('geometry/7')).toMatchObject({ solution: '\\frac{18}{2}', complexity: null, index: 7 })
    expect(row('gsmhardv2:0')).toMatchObject({ solution: 3, complexity: 2 })
    expect(row('24/24_3_number.csv:1')).toMatchObject({
      solution: '(1+(1+1))',
      instance: { numbers: [1, 1, 1], target: 24 },
    })
    expect(row('2_3_2_1')).toMatchObject({ index: 1, complexity: '2 blocks, 3 stacks, goal over 2' })
    expect(row('BoxLift_dataset/BoxLift_10_3/BoxLift1')).toMatchObject({ index: 1, instance: { stepLimit: 2 } })
    expect(row('BoxNet1_dataset_SFT/env_pg_state_1_2/pg_state3')).toMatchObject({ index: 1003, instance: { rows: 1 } })
    expect(row('sample_0_0')).toMatchObject({ task: 'path-plan', instance: { mustVisit: ['red'] } })
  })

  it('reports what it cannot read, with its place and the reason, and goes on', () => {
    const { problems, passedOver } = readAll(writePublished(temporaryFolder()).gather)
    const told = problems.map(({ task, path, why }) => `${task} ${path}: ${why}`)
    expect(told).toHaveLength(4)
    expect(told[0]).toMatch(/^2048 2048_dataset\/sample_10: is not JSON: /)
    expect(told[1]).toBe('2048 2048_dataset/sample_11: solution.json is missing')
    expect(told[2]).toBe('game-24 game24_dataset/24/24.csv, row 1: "1 2 x 4" is no list of numbers')
    expect(told[3]).toBe('gsm-hard gsmhardv2.jsonl, line 2: "target" is no number')
    expect(passedOver).toEqual(['something_else'])
  })

  it('keeps the order of numbers: sample_2 comes before sample_10', () => {
    const { entries } = openPublished(writePublished(temporaryFolder()).gather)
    expect(entries.filter(({ task }) => task === '2048').map(({ sample }) => sample)).toEqual(
      ['0', '1', '2', '10', '11'].map(n => `sample_${n}`),
    )
  })

  it('refuses a folder that is none, and says what was expected', () => {
    const folder = temporaryFolder()
    expect(() => openPublished(folder)).toThrow(/holds no published samples/)
    expect(() => openPublished(join(folder, 'none'))).toThrow(/there is no folder/)
    mkdirSync(join(folder, 'x'))
    writeFileSync(join(folder, 'x', 'rows.jsonl'), '{"code": 1}\n')
    expect(() => openPublished(join(folder, 'x'))).toThrow(/holds no published samples/)
  })

  it('takes the last box of a solution, whatever stands in it', () => {
    expect(lastBoxed('first \\boxed{1}, then \\boxed{\\frac{1}{2}}.')).toBe('\\frac{1}{2}')
    expect(lastBoxed('so \\boxed 5.')).toBe('5.')
    expect(lastBoxed('a set \\fbox{\\{1\\}}')).toBe('\\{1\\}')
    expect(lastBoxed('none, and \\boxed{ never closed')).toBeNull()
  })
})

describe('uniform rows', () => {
  it('are read from a folder and from one file, and odd lines are reported', () => {
    const folder = temporaryFolder()
    const row = { task: 'letters', sample: 'x/a_3_0', question: null, solution: 'banana', letter: 'a', count: 3 }
    writeFileSync(join(folder, 'letters.jsonl'), `${JSON.stringify(row)}\n{"task": "letters"}\nnonsense\n`)
    const { rows, problems, layout } = readAll(folder)
    expect(layout).toBe('uniform')
    expect(rows).toEqual([row])
    expect(problems.map(({ task, path }) => `${task} ${path}`)).toEqual([
      'letters letters.jsonl, line 2',
      'letters letters.jsonl, line 3',
    ])
    expect(readAll(join(folder, 'letters.jsonl')).rows).toEqual([row])
  })

  const missing = sharedMissing('symbench/dataset_gather')
  it.skipIf(missing)(`and the original layout say the same${missing ? ` (${missing})` : ''}`, () => {
    const uniform = readAll(`${sharedRoot}symbench/samples`).rows
    const { rows: original, problems } = readAll(`${sharedRoot}symbench/dataset_gather`)
    expect(problems).toEqual([])
    const byId = new Map(uniform.map(row => [`${row.task} ${row.sample}`, row]))
    // These files hold excerpts here, counted from 0 again: their rows are found by their text.
    const excerpts = new Set(['date-understanding', 'logical-deduction', 'navigate', 'web-of-lies', 'gsm-hard'])
    let compared = 0
    for (const row of original) {
      const twin = excerpts.has(row.task)
        ? uniform.find(other => other.task === row.task && other.question?.startsWith(row.question!))
        : byId.get(`${row.task} ${row.sample}`)
      if (!twin && row.task === 'game-24') continue
      expect(twin, `${row.task} ${row.sample}`).toBeDefined()
      const same: (keyof PublishedSample)[] = ['task', 'solution', 'complexity', 'instance', 'letter', 'count']
      if (!excerpts.has(row.task)) same.push('sample', 'index')
      for (const field of same) expect(row[field], `${row.task} ${row.sample} ${field}`).toEqual(twin![field])
      // A question that is composed when it is asked is not in the files, or without the request for a format.
      if (row.question !== null) expect(twin!.question!.startsWith(row.question), row.sample).toBe(true)
      compared++
    }
    expect(compared).toBeGreaterThan(1_600)
  })
})

describe('codesteer task import', () => {
  it('writes an instance a line and a summary', async () => {
    const folder = temporaryFolder()
    const { gather } = writePublished(folder)
    const out = join(folder, 'instances.jsonl')
    const run = await cli(['task', 'import', gather, '--out', out, '--json'])
    expect(run.code, run.stderr).toBe(0)
    const { tasks } = JSON.parse(run.stdout) as { tasks: { task: string; found: number; recovered: number }[] }
    expect(tasks.find(({ task }) => task === '2048')).toMatchObject({ found: 5, recovered: 3, solved: 3 })
    const lines = await cli(['task', 'import', gather, '--task', 'game-24', '--json'])
    const rows = lines.stdout.trim().split('\n')
    expect(rows.map(row => (JSON.parse(row) as { recovered: boolean }).recovered)).toEqual([true, true, true, false])
    expect(JSON.parse(rows[1]!)).toMatchObject({ solution: null, publishedKey: '(1+(1+1))', recovered: true })
    expect(lines.stderr).toMatch(/game-24 +4 +3 +1 +2/)
  }, 30_000)

  it('says what it expected of a folder that is none', async () => {
    const run = await cli(['task', 'import', temporaryFolder()])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/holds no published samples[\s\S]*dataset_gather/)
  }, 20_000)
})
