// What the API says: the same as the report, whatever is filtered, sorted and paged.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Summary } from '../../src/store/run-store.ts'
import { createTrajectoryFile } from '../../src/store/trajectory-file.ts'
import type { TrajectoryEvent } from '../../src/trajectory.ts'
import type {
  ApiError,
  Disagreements,
  RowPage,
  RunDetail,
  RunListing,
  RunReport,
  Step,
  TrainingDetail,
  TrainingListing,
  TrajectoryDetail,
} from '../../src/viewer/api.ts'
import { eventsFor, item } from '../contracts/run-store.ts'
import { cli, temporaryFolder } from '../util/cli.ts'
import { demo, demoRun, viewerOf, writeRun } from './support.ts'

const only = async (viewer: { get<T>(path: string): Promise<T> }) => (await viewer.get<RunListing[]>('/api/runs'))[0]!

describe('runs', () => {
  it('are listed with what they hold', async () => {
    const viewer = await viewerOf([await demoRun()])
    expect(await viewer.get('/api/runs')).toEqual([
      expect.objectContaining({
        name: 'demo',
        kind: 'run',
        state: 'finished',
        simulated: true,
        done: 16,
        planned: 16,
        accuracy: 8 / 16,
        methods: 2,
        tasks: 2,
        models: ['simulated/apprentice'],
        costUsd: 4,
      }),
    ])
    const detail = await viewer.get<RunDetail>(`/api/runs/${(await only(viewer)).id}`)
    expect(detail.plan).toEqual({ name: 'demo', methods: ['codesteer'] })
    expect(detail.facets).toEqual({
      labels: ['codesteer', 'only-question'],
      models: ['simulated/apprentice'],
      tasks: [
        { slug: 'game-24', title: 'Game 24', split: 'seen' },
        { slug: 'letters', title: 'Letters', split: 'unseen' },
      ],
      levels: [1, 2],
      stops: ['returned'],
      verdicts: ['incorrect', 'correct'],
    })
  })

  it('that are not done say so, and those of the folder are found by themselves', async () => {
    const folder = temporaryFolder()
    const viewer = await viewerOf([], { folder })
    expect(await viewer.get('/api/runs')).toEqual([])
    await writeRun(join(folder, 'half.run'), demo().slice(0, 3), 5)
    expect(await only(viewer)).toMatchObject({ state: 'incomplete', done: 3, planned: 8 })
  })

  it('what is no run is refused at the start, with the mend', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'text.run'), 'no run')
    await expect(viewerOf([join(folder, 'none.run')])).rejects.toMatchObject({
      mend: expect.stringMatching(/codesteer run/),
    })
    await expect(viewerOf([join(folder, 'text.run')])).rejects.toMatchObject({ mend: expect.stringMatching(/\S/) })
    // Among others it does not keep them from being shown.
    await demoRun(folder)
    const viewer = await viewerOf([], { folder })
    expect((await viewer.get<RunListing[]>('/api/runs')).map(run => run.name)).toEqual(['demo'])
  })

  it('one that is deleted while it is shown is gone, and nothing breaks', async () => {
    const path = await demoRun()
    const viewer = await viewerOf([path])
    const { id } = await only(viewer)
    await viewer.get(`/api/runs/${id}/rows`)
    renameSync(path, `${path}.away`)
    expect(await only(viewer)).toMatchObject({ id, state: 'gone', name: 'demo' })
    for (const rest of ['', '/rows', '/report', '/trajectories/t1', '/disagreements?a=codesteer&b=only-question']) {
      const answer = await viewer.ask(`/api/runs/${id}${rest}`)
      expect([rest, answer.status]).toEqual([rest, 410])
      expect(((await answer.json()) as ApiError).mend).toMatch(/list of runs/)
    }
    expect((await viewer.ask(`/api/live?run=${id}`)).status).toBe(410)
    renameSync(`${path}.away`, path)
    expect(await only(viewer)).toMatchObject({ state: 'finished' })
    expect(viewer.defects).toEqual([])
  })

  it('are answered 404 when there never was such a one', async () => {
    const viewer = await viewerOf([await demoRun()])
    const { id } = await only(viewer)
    for (const path of ['/api/runs/none', `/api/runs/${id}/trajectories/none`, '/api/trainings/none', '/api/none']) {
      const answer = await viewer.ask(path)
      expect([path, answer.status]).toEqual([path, 404])
      expect(await answer.json()).toMatchObject({ mend: expect.stringMatching(/\S/) })
    }
  })
})

describe('rows', () => {
  const filters: readonly [string, (row: Summary) => boolean][] = [
    ['label=codesteer', row => row.label === 'codesteer'],
    ['task=letters&level=2', row => row.task === 'letters' && row.level === 2],
    ['verdict=correct', row => row.verdict === 'correct'],
    ['only=failures', row => row.verdict === 'incorrect'],
    ['only=failures&label=codesteer', row => row.verdict === 'incorrect' && row.label === 'codesteer'],
    ['only=checker-wrong', row => (row.verdict === 'correct') !== (row.checks['self-answer'] === 'passed')],
    ['split=unseen', row => row.task === 'letters'],
    ['stop=turn-limit', () => false],
    ['text=ANSWER 12', row => row.answer === 'answer 12'],
    ['text=41 was', row => row.why !== null],
    ['only=branches', () => false],
    ['model=simulated%2Fapprentice&label=', () => true],
  ]

  it('are those that the filter names, and the report is of the same ones', async () => {
    const path = await demoRun()
    const viewer = await viewerOf([path])
    const { id } = await only(viewer)
    const all = await viewer.get<RowPage>(`/api/runs/${id}/rows?limit=1000`)
    expect(all.total).toBe(16)
    for (const [query, wanted] of filters) {
      const page = await viewer.get<RowPage>(`/api/runs/${id}/rows?${query}`)
      expect([query, page.rows.map(row => row.trajectoryId)]).toEqual([
        query,
        all.rows.filter(wanted).map(row => row.trajectoryId),
      ])
      const report = await viewer.get<RunReport>(`/api/runs/${id}/report?${query}`)
      expect([query, report.counts.done]).toEqual([query, page.total])
    }
  })

  it('without a filter make the very report of the command line', async () => {
    const path = await demoRun()
    const viewer = await viewerOf([path])
    const { id } = await only(viewer)
    const { stdout } = await cli(['report', path, '--json'])
    expect(await viewer.get(`/api/runs/${id}/report`)).toEqual(JSON.parse(stdout))
    const against = await cli(['report', path, '--json', '--against', 'only-question'])
    expect(await viewer.get(`/api/runs/${id}/report?against=only-question`)).toEqual(JSON.parse(against.stdout))
    const brief = await viewer.get<RunReport>(`/api/runs/${id}/report?comparisons=no`)
    expect(brief).toEqual({ ...JSON.parse(stdout), comparisons: [] })
  }, 180_000)

  it.each(['label', 'task', 'level', 'seed', 'verdict', 'tookMs', 'tokens', 'costUsd', 'turns', 'stop', 'model'])(
    'are sorted by %s, both ways, equals in their order',
    async field => {
      const viewer = await viewerOf([await demoRun()])
      const { id } = await only(viewer)
      const rows = async (query: string) => (await viewer.get<RowPage>(`/api/runs/${id}/rows?${query}`)).rows
      const key = (row: Summary) =>
        field === 'tokens' ? row.inputTokens + row.outputTokens : (row[field as keyof Summary] as string | number)
      const expected = (await rows('')).toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
      expect(await rows(`sort=${field}`)).toEqual(expected)
      const down = (await rows('')).toSorted((a, b) => (key(a) > key(b) ? -1 : key(a) < key(b) ? 1 : 0))
      expect(await rows(`sort=${field}&descending=1`)).toEqual(down)
    },
  )

  it('come in pages that fit together', async () => {
    const viewer = await viewerOf([await demoRun()])
    const { id } = await only(viewer)
    const page = (query: string) => viewer.get<RowPage>(`/api/runs/${id}/rows?sort=tookMs&${query}`)
    const whole = await page('limit=1000')
    const pages = await Promise.all([0, 5, 10, 15].map(offset => page(`limit=5&offset=${offset}`)))
    expect(pages.flatMap(one => one.rows)).toEqual(whole.rows)
    expect(pages.map(one => one.total)).toEqual([16, 16, 16, 16])
    expect((await page('offset=99')).rows).toEqual([])
  })

  it.each(['sort=costs', 'only=nothing', 'split=both', 'level=high', 'limit=-1', 'offset=1.5'])(
    'an address that cannot be meant is told so: %s',
    async query => {
      const viewer = await viewerOf([await demoRun()])
      const answer = await viewer.ask(`/api/runs/${(await only(viewer)).id}/rows?${query}`)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ mend: expect.stringMatching(/\S/) })
    },
  )

  it('in which two methods disagree are paired by instance', async () => {
    const viewer = await viewerOf([await demoRun()])
    const { id } = await only(viewer)
    const found = await viewer.get<Disagreements>(`/api/runs/${id}/disagreements?a=codesteer&b=only-question`)
    expect([found.both, found.neither, found.rows.length]).toEqual([2, 2, 4])
    expect(found.rows.every(row => row.right === 'a' && (row.seed === 1 || row.seed === 2))).toBe(true)
    const of = await viewer.get<Disagreements>(`/api/runs/${id}/disagreements?a=codesteer&b=only-question&task=letters`)
    expect(of.rows.map(row => row.task)).toEqual(['letters', 'letters'])
    expect((await viewer.ask(`/api/runs/${id}/disagreements?a=codesteer&b=none`)).status).toBe(400)
  })

  it('of several runs stand side by side, each under its run', async () => {
    const folder = temporaryFolder()
    const [a, b] = [await demoRun(folder), await writeRun(join(folder, 'other.run'), demo().slice(0, 10))]
    const viewer = await viewerOf([a, b])
    const ids = (await viewer.get<RunListing[]>('/api/runs')).map(run => run.id)
    const report = await viewer.get<RunReport>(`/api/compare?runs=${ids.join(',')}`)
    expect(report.columns.map(column => column.label).sort()).toEqual([
      'demo (demo): codesteer',
      'demo (demo): only-question',
      'demo (other): codesteer',
      'demo (other): only-question',
    ])
    expect(report.against).toMatch(/: codesteer$/)
    expect(report.comparisons).toHaveLength(3)
    expect((await viewer.ask('/api/compare')).status).toBe(400)
  })
})

const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)>'

/** A coach's turn with a program whose words would like to be a page's. */
function conversation(id: string): TrajectoryEvent[] {
  const [start, guidance, call, ...rest] = eventsFor(id, hostile)
  if (start?.type !== 'trajectory-start' || guidance?.type !== 'guidance' || call?.type !== 'model-call')
    throw new Error('other events')
  const source = 'import math\nunused = 3\nfor i in range(10):\n    print(f"<<<{i}>>>")  # done'
  const text = `Here is ${hostile}:\n\`\`\`python\n${source}\n\`\`\`\nThat is all.`
  const result = { outcome: 'finished', exitCode: 0, stdout: hostile, stderr: '', droppedBytes: 0, tookMs: 7 } as const
  const run: TrajectoryEvent = {
    type: 'code-run',
    seq: 3,
    atMs: call.atMs + 10,
    turn: 1,
    purpose: 'answer',
    source,
    timeoutMs: 1,
    memoryBytes: 1,
    result,
  }
  return [
    { ...start, question: { prompt: `Say ${hostile}` } },
    { ...guidance, guidance: { action: 'code', prompt: 'p', reason: hostile, raw: null } },
    { ...call, completion: { ...call.completion, text } },
    run,
    ...rest.map(event => ({ ...event, seq: event.seq + 1, atMs: event.atMs + 10 })),
  ]
}

describe('a trajectory', () => {
  it('is told step by step, with its code coloured and marked', async () => {
    const path = join(temporaryFolder(), 'one.run')
    await writeRun(path, [{ item: item(1), events: conversation('t1'), verdict: { verdict: 'correct' } }])
    const viewer = await viewerOf([path])
    const { id } = await only(viewer)
    const detail = await viewer.get<TrajectoryDetail>(`/api/runs/${id}/trajectories/t1`)
    expect(detail).toMatchObject({
      id: 't1',
      run: id,
      simulated: true,
      method: 'codesteer',
      coach: 'rules',
      forkable: true,
      over: true,
      branchOf: null,
      branches: [],
      verdict: { verdict: 'correct', why: null },
    })
    expect(detail.steps.map(step => [step.seq, step.kind, step.turn])).toEqual([
      [1, 'guidance', 1],
      [2, 'reply', 1],
      [3, 'run', 1],
      [4, 'check', 1],
      [5, 'end', 1],
    ])
    const reply = detail.steps[1] as Extract<Step, { kind: 'reply' }>
    expect(reply.parts.map(part => part.kind)).toEqual(['words', 'code', 'words'])
    const part = reply.parts[1]!
    if (part.kind !== 'code') throw new Error('no code')
    expect(part.code.lines.map(line => line.map(token => token.text).join('')).join('\n')).toBe(part.code.source)
    const kinds = new Set(part.code.lines.flat().map(token => token.kind))
    for (const kind of ['keyword', 'number', 'string', 'comment', 'function']) expect([...kinds]).toContain(kind)
    expect(part.code.marks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ fromLine: 2, toLine: 2, kind: 'unused-data', tone: 'neutral' }),
      ]),
    )
    expect(detail.steps[2]).toMatchObject({ kind: 'run', purpose: 'answer', tookMs: 7, stdout: hostile })
  })

  it('holds what a model wrote as text, byte for byte', async () => {
    const path = join(temporaryFolder(), 'one.run')
    await writeRun(path, [{ item: item(1), events: conversation('t1'), verdict: { verdict: 'correct' } }])
    const viewer = await viewerOf([path])
    const answer = await viewer.ask(`/api/runs/${(await only(viewer)).id}/trajectories/t1`)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    const detail = (await answer.json()) as TrajectoryDetail
    expect(detail.question.prompt).toBe(`Say ${hostile}`)
    expect(detail.steps[0]).toMatchObject({ guidance: { reason: hostile } })
  })
})

describe('single trajectories', () => {
  it('that ask left are listed, the cut off one too, and a damaged file is passed over', async () => {
    const folder = temporaryFolder()
    const files = join(folder, 'trajectories')
    const whole = createTrajectoryFile(join(files, 'a.jsonl'))
    for (const event of eventsFor('a')) whole.append(event)
    whole.close()
    writeFileSync(
      join(files, 'b.jsonl'),
      `${eventsFor('b')
        .slice(0, 2)
        .map(event => JSON.stringify(event))
        .join('\n')}\n{"seq":2,"ty`,
    )
    writeFileSync(join(files, 'c.jsonl'), 'not json\n')
    const viewer = await viewerOf([], { folder })
    expect(await only(viewer)).toMatchObject({ id: 'asked', kind: 'asked', planned: 2, done: 1 })
    const { rows } = await viewer.get<RowPage>('/api/runs/asked/rows')
    expect(rows.map(row => [row.trajectoryId, row.task, row.state])).toEqual([
      ['b', 'question', 'open'],
      ['a', 'question', 'done'],
    ])
    expect(await viewer.get('/api/runs/asked/trajectories/b')).toMatchObject({ over: false, answer: null })
    rmSync(join(files, 'a.jsonl'))
    expect((await viewer.ask('/api/runs/asked/trajectories/a')).status).toBe(410)
  })
})

describe('trainings', () => {
  const start = {
    type: 'training-start',
    atMs: 1,
    kind: 'sft',
    trainer: 'trl',
    baseModel: 'tiny',
    dataHash: 'd',
    configHash: 'c',
    commit: null,
    rows: 10,
    evalRows: 2,
    steps: 4,
    parameters: 100,
    trainable: 10,
    device: 'cpu',
    fromStep: 0,
  }
  const step = (n: number, values: object) => ({ type: 'training-step', atMs: n, step: n, epoch: 0, values })

  it('are read from their logs, while they run too', async () => {
    const folder = temporaryFolder()
    const write = createTrajectoryFile(join(folder, 'trainings', 'first', 'log.jsonl'))
    write.close()
    const log = join(folder, 'trainings', 'first', 'log.jsonl')
    const tell = (events: readonly object[], torn = '') =>
      writeFileSync(log, `${events.map(event => JSON.stringify(event)).join('\n')}\n${torn}`)
    const viewer = await viewerOf([], { folder })
    expect(await viewer.get('/api/trainings')).toEqual([])
    const events: object[] = [start, step(1, { loss: 3, eval_loss: 2 }), step(2, { loss: 2.5 })]
    tell(events, '{"type":"training-st')
    const [listing] = await viewer.get<TrainingListing[]>('/api/trainings')
    expect(listing).toMatchObject({ id: 'first', kind: 'sft', state: 'running', step: 2, steps: 4, loss: 2.5 })
    // Taken up again from step 1: the later word counts.
    events.push({ ...start, fromStep: 1 }, step(2, { loss: 2.25 }))
    events.push({ type: 'training-end', atMs: 9, outcome: 'finished', model: 'out', why: null, mend: null })
    tell(events)
    const detail = await viewer.get<TrainingDetail>('/api/trainings/first')
    expect(detail).toMatchObject({
      state: 'finished',
      loss: 2.25,
      facts: { trainer: 'trl', fromStep: 1, model: 'out' },
    })
    expect(detail.curves).toEqual({
      loss: [
        [1, 3],
        [2, 2.25],
      ],
      eval_loss: [[1, 2]],
    })
  })
})

describe('what the page is told of the plan', () => {
  it('is in step with the contract: every address of api.ts is answered', async () => {
    const text = readFileSync(new URL('../../src/viewer/api.ts', import.meta.url), 'utf8')
    const paths = [...text.matchAll(/`GET {2}(\/api\/[^\s?`]*)/g)].map(found => found[1]!)
    expect(paths.length).toBeGreaterThan(8)
    const viewer = await viewerOf([await demoRun()])
    const { id } = await only(viewer)
    for (const path of paths.filter(one => !one.startsWith('/api/live') && !one.startsWith('/api/trainings/'))) {
      const asked = path.replace(':run', id).replace(':id', 't1')
      const query = path.endsWith('compare')
        ? `?runs=${id}`
        : path.endsWith('disagreements')
          ? '?a=codesteer&b=only-question'
          : ''
      expect([asked, (await viewer.ask(asked + query)).status]).toEqual([asked, 200])
    }
  })
})
