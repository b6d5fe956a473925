import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/util/cli.ts'
import { draw } from '../../../draw.ts'
import { load } from '../../../registry.ts'
import type { Summary, WorkItem } from '../../../store/run-store.ts'
import { openSqliteStore } from '../../../store/sqlite-store.ts'
import type { Task } from '../../../task.ts'
import { systemClock } from '../../../util/clock.ts'
import { run } from '../../main.ts'

/** The whole program in this process: the same arguments, streams and exit codes, without its start. */
async function cli(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' }
  const output = (to: keyof typeof written) => ({
    write: (text: string) => void (written[to] += text),
    isTTY: false,
    columns: 80,
  })
  const code = await run(['router', ...args], {
    environment: {},
    signal: new AbortController().signal,
    stdin: Readable.from([]) as unknown as NodeJS.ReadStream,
    out: output('stdout'),
    err: output('stderr'),
  })
  return { code, ...written }
}

const tasks = [
  'letters',
  'number-multiply',
  'game-24',
  'navigate',
  'new-operator',
  'statistical-counting',
  'pooling',
  'date-understanding',
  'cryptanalysis',
  'string-insertion',
  'reversi',
  'gsm-hard',
]

/** A stored run, and its number of questions: words are right on questions of up to `limit` characters, and programs on longer ones. */
async function storedRun(path: string, limit: number, pool: 'train' | 'test' = 'train'): Promise<number> {
  const store = openSqliteStore(path, { access: 'create', clock: systemClock })
  await store.recordPlan({ name: 'made up' })
  const rows: { readonly item: WorkItem; readonly summary: Summary }[] = []
  for (const slug of tasks) {
    const task = await load<Task>('tasks', slug)
    for (const [i] of task.levels.entries()) {
      for (const seed of [0, 1]) {
        const short = draw(task, i + 1, seed, pool).question.prompt.length <= limit
        for (const method of ['all-text-cot', 'all-code-cot']) {
          const at = { task: slug, taskVersion: task.version, level: i + 1, seed, pool, trial: 0 }
          const key = JSON.stringify([method, at])
          const item: WorkItem = { key, label: method, method, model: 'fake/model', ...at }
          const summary: Summary = {
            ...item,
            trajectoryId: key,
            state: 'done',
            verdict: (method === 'all-text-cot') === short ? 'correct' : 'incorrect',
            why: null,
            answer: '1',
            answerFrom: 'reply',
            stop: 'returned',
            error: null,
            simulated: true,
            turns: 1,
            codeTurns: 0,
            calls: 1,
            inputTokens: 10,
            outputTokens: 10,
            taskTokens: 20,
            costUsd: 0,
            tookMs: 1,
            checks: {},
            branchOf: null,
          }
          rows.push({ item, summary })
        }
      }
    }
  }
  await store.addItems(rows.map(({ item }) => item))
  // Together, so that they share a commit.
  await Promise.all(rows.map(({ item }) => store.begin(item.key, item.key)))
  await Promise.all(rows.map(({ item, summary }) => store.finish(item.key, 'done', summary)))
  await store.close()
  return rows.length / 2
}

describe('codesteer router', () => {
  it('trains on a stored run, measures itself on unseen tasks, and explains a choice', async () => {
    const folder = temporaryFolder()
    const [ways, file] = [join(folder, 'ways.run'), join(folder, 'router.json')]
    const n = await storedRun(ways, 900)
    const trained = await cli('train', ways, '--out', file, '--folds', '6', '--seed', '3')
    expect(trained.code, trained.stderr).toBe(0)
    expect(trained.stderr).toMatch(
      /questions of 12 tasks answered both ways: only code right \d+, only text \d+, both 0, neither 0[\s\S]*on held-out tasks: \d+\.\d % of \d+ decisive[\s\S]*simulated:/,
    )
    const router = JSON.parse(readFileSync(file, 'utf8'))
    expect(router).toMatchObject({
      type: 'codesteer-router',
      threshold: 0.8,
      trained: { runs: ['made up'], models: ['fake/model'], pools: ['train'], seed: 3, folds: 6, simulated: true },
      heldOut: { n, tasks: 12 },
    })
    expect(router.trained.tasks).toEqual([...tasks].sort())
    expect(router.heldOut.accuracy).toBeGreaterThan(0.75)
    expect(new Date(router.trained.at).getTime()).toBeGreaterThan(Date.now() - 60_000)

    const measured = await cli('evaluate', ways, '--folds', '6', '--seed', '3', '--resamples', '200', '--json')
    const result = JSON.parse(measured.stdout)
    expect(result).toMatchObject({ pairs: n, decisive: n, tasks: 12, simulated: true, threshold: 0.8 })
    const right = (chooser: string) => result.choosers.find((one: { chooser: string }) => one.chooser === chooser).right
    expect(right('router').mean).toBeGreaterThan(right('always code').mean)
    expect(right('router').low).toBeLessThanOrEqual(right('router').mean)
    const words = await cli('evaluate', ways, '--folds', '6', '--resamples', '200')
    expect(words.stdout).toMatch(
      /^On tasks that were held out \(simulated\): \d+ questions[\s\S]*router, else rules against rules: [-+]\d/,
    )
    expect(words.stdout).toMatch(/Brier score 0\.\d+[\s\S]*Expected calibration error 0\.\d+/)

    const long = await cli('explain', '--router', file, '--task', 'statistical-counting', '--level', '8')
    expect(long.stdout).toMatch(
      /^code, \d+ % sure \(simulated\); [\s\S]*what moves it most[\s\S]*log [\s\S]*made|trained \d{4}/,
    )
    const json = await cli('explain', '--router', file, '--json', 'Is it so?')
    expect(JSON.parse(json.stdout)).toMatchObject({ way: 'text', trained: { simulated: true } })
  }, 60_000)

  it('measures a finished router on tasks it was not trained on, and says when there are none', async () => {
    const folder = temporaryFolder()
    const [ways, file] = [join(folder, 'ways.run'), join(folder, 'router.json')]
    const n = await storedRun(ways, 900, 'test')
    const trained = await cli('train', ways, '--out', file, '--folds', '3')
    expect(trained.stderr).toMatch(/trained on the test pool/)
    const all = await cli('evaluate', ways, '--router', file, '--resamples', '200')
    expect(all.stderr).toMatch(/was trained on every one of these tasks/)
    const router = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...router, trained: { ...router.trained, tasks: tasks.slice(0, 4) } }))
    const seen =
      2 *
      (await Promise.all(tasks.slice(0, 4).map(slug => load<Task>('tasks', slug)))).flatMap(task => task.levels).length
    const unseen = await cli('evaluate', ways, '--router', file, '--resamples', '200', '--json')
    expect(unseen.stderr).toMatch(/\d+ questions of tasks that .* was trained on are left out/)
    expect(JSON.parse(unseen.stdout)).toMatchObject({ pairs: n - seen, tasks: 8 })
  }, 60_000)

  it.each<[string, string[], RegExp]>([
    ['a run that is not there', ['train', 'nowhere.run', '--out', 'x.json'], /there is no run nowhere\.run/],
    ['no --out', ['train', 'a.run'], /required option '-o, --out <file>'/],
    [
      'a threshold below a coin',
      ['train', 'a.run', '-o', 'x', '--threshold', '0.2'],
      /--threshold must lie from 0\.5 to 1/,
    ],
    ['one fold', ['evaluate', 'a.run', '--folds', '1'], /--folds must be a whole number from 2/],
    [
      'no router',
      ['explain', '--router', 'nowhere.json', 'Is it so?'],
      /cannot read the router nowhere\.json: ENOENT\n→ Make one/,
    ],
  ])('refuses %s', async (_, args, words) => {
    const { code, stdout, stderr } = await cli(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(words)
  })

  it('refuses to learn from too little, and writes nothing', async () => {
    const folder = temporaryFolder()
    const [ways, file] = [join(folder, 'ways.run'), join(folder, 'router.json')]
    const n = await storedRun(ways, 1e9)
    const { code, stderr } = await cli('train', ways, '--out', file)
    expect(code).toBe(2)
    expect(stderr).toContain(
      `too little to train a router on: 0 questions that only code got right and ${n} that only text did`,
    )
    expect(() => readFileSync(file)).toThrow(/ENOENT/)
    const other = await cli('evaluate', ways, '--text', 'only-question')
    expect(other.stderr).toMatch(/no answers by "only-question" in the runs\n→ .*They hold: all-text-cot, all-code-cot/)
  })
})
