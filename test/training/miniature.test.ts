// The data of the miniature study's task model. The whole study at its smallest size: CODESTEER_MINIATURE=1, minutes long.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastMarked, programOf } from '../../src/answer.ts'
import { type PythonTools, pythonTools } from '../../src/checkers/_shared/python/parse.ts'
import { readVerdict } from '../../src/checkers/self-answer.ts'
import { draw } from '../../src/draw.ts'
import { resolvePlan } from '../../src/experiment/plan.ts'
import { isInstalled } from '../../src/models/local/engine.ts'
import { load, loadAll, names } from '../../src/registry.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { chooseSandbox } from '../../src/sandboxes/_shared/choose.ts'
import type { Task } from '../../src/task.ts'
import { kinds, type LessonKind, lesson } from '../../src/training/miniature/lesson.ts'
import { learnedTasks, lessons } from '../../src/training/miniature/lessons.ts'
import { PhraseCounter, pieces } from '../../src/training/miniature/phrases.ts'
import { checkingProgram, shortProgram } from '../../src/training/miniature/programs.ts'
import { reworded } from '../../src/training/miniature/wordings.ts'
import { seededRng } from '../../src/util/rng.ts'
import { studyPlan } from '../../tools/miniature-plan.ts'
import { sizes } from '../../tools/miniature-sizes.ts'
import { python as trainers, without } from './with-torch.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const settings = { block: 'last', fences: 'tolerant' } as const
const tasks = learnedTasks(await loadAll<Task>('tasks'), true)
let sandbox: Sandbox
let python: PythonTools

beforeAll(async () => {
  sandbox = await (await chooseSandbox(undefined)).kind.open({ parallel: 1 })
  python = await pythonTools()
})
afterAll(() => sandbox.close())

describe('short programs', () => {
  it.each(tasks.map(task => [task.slug, task] as const))(
    'of %s answer and check as the long ones do',
    async (_, task) => {
      const { puzzle } = draw(task, 1, 3, 'train')
      const source = await shortProgram(task, puzzle, 'full')
      const run = await sandbox.run({ source: source!, timeoutMs: 20_000 })
      const answer = lastMarked(run.stdout)
      expect(answer, run.stderr).not.toBeNull()
      expect(task.verify(puzzle, answer!)).toEqual({ verdict: 'correct' })
      const check = await checkingProgram(task, puzzle, answer!)
      if (check === null) return
      const verdict = readVerdict(await sandbox.run({ source: check, timeoutMs: 20_000 }), check)
      expect(verdict).toEqual({ verdict: 'correct' })
      const wrong = task.nearMisses(puzzle, seededRng('x'))[0]!
      const other = await checkingProgram(task, puzzle, wrong)
      const refused = readVerdict(await sandbox.run({ source: other!, timeoutMs: 20_000 }), other!)
      expect(refused.verdict).toBe('wrong')
    },
  )
})

describe('a lesson', () => {
  const teacher = (seed: number) => ({ sandbox, python, rng: seededRng('lesson', seed) })

  it('is never made of an unseen task', async () => {
    const unseen = await load<Task>('tasks', 'letters')
    expect(unseen.split).toBe('unseen')
    await expect(lesson(unseen, 1, 0, 'code', teacher(1))).rejects.toThrow(/unseen/)
    expect(tasks.map(task => task.split)).not.toContain('unseen')
  })

  it('draws from the train pool', async () => {
    const task = await load<Task>('tasks', 'pooling')
    const made = await lesson(task, 1, 5, 'search', teacher(2))
    const asked = made?.messages[0]?.content ?? ''
    const { question } = draw(task, 1, 5, 'train')
    const words =
      asked.includes(question.prompt) || asked.includes('Put the answer') || asked.includes('Answer between')
    expect(words).toBe(true)
    expect(asked).not.toContain(draw(task, 1, 5, 'test').question.prompt)
  })

  it.each(Object.keys(kinds) as LessonKind[])(
    'of the kind %s begins with the user and ends with the model',
    async kind => {
      const task = await load<Task>('tasks', 'mahjong-pattern')
      let made = null
      for (let seed = 0; made === null && seed < 20; seed++) made = await lesson(task, 2, seed, kind, teacher(seed))
      expect(made?.messages.map(({ role }) => role)).toEqual(
        made?.messages.map((_, i) => (i % 2 === 0 ? 'user' : 'assistant')),
      )
      expect(made!.messages.length % 2).toBe(0)
      const reply = made!.messages.at(-1)!.content
      expect(programOf(reply, settings) ?? lastMarked(reply)).not.toBeNull()
    },
  )

  it('of the kind search has a program that is right', async () => {
    const task = await load<Task>('tasks', 'new-operator')
    const made = await lesson(task, 2, 7, 'search', teacher(3))
    const source = programOf(made!.messages.at(-1)!.content, settings)
    const answer = lastMarked((await sandbox.run({ source: source! })).stdout)
    expect(task.verify(draw(task, 2, 7, 'train').puzzle, answer!)).toEqual({ verdict: 'correct' })
  })

  it('comes again the same, also from the middle of a course', async () => {
    const course = { tasks: tasks.slice(0, 3), seed: 5, count: 9, levels: [1, 1] }
    const whole = await Array.fromAsync(lessons(course, { sandbox, python }))
    const rest = await Array.fromAsync(lessons(course, { sandbox, python }, 6))
    expect(whole.length).toBe(9)
    expect(rest.map(({ task, level, seed, kind }) => [task, level, seed, kind])).toEqual(
      whole.slice(6).map(({ task, level, seed, kind }) => [task, level, seed, kind]),
    )
  })
})

describe('phrases', () => {
  it('are lines of programs and sentences, and pieces of one text do not overlap', () => {
    const text = 'Find it. Say why.\nRule: none\n```python\nx = 1\nprint(x)\n```'
    expect(pieces(text)).toEqual(['Find it.', ' Say why.', 'Rule:', ' none', '\nx = 1', '\nprint(x)'])
    let from = 0
    for (const piece of pieces(text)) {
      const at = text.indexOf(piece, from)
      expect(at).toBeGreaterThanOrEqual(from)
      from = at + piece.length
    }
  })

  it('are what stands in many texts, and never data', () => {
    const counter = new PhraseCounter()
    for (let n = 0; n < 40; n++)
      counter.add(
        `Add the numbers one after the other.\nThe sum of ${n % 3} and two numbers is wanted.\n\`\`\`python\nN = [${n % 2}]\nprint(sum(N))\n\`\`\``,
      )
    expect(counter.phrases({ atLeast: 10, minChars: 6, most: 10 }).sort()).toEqual(
      ['\nprint(sum(N))', 'Add the numbers one after the other.'].sort(),
    )
  })
})

it('a question in other words keeps its data', async () => {
  for (const task of tasks.slice(0, 8)) {
    const { question } = draw(task, 2, 11, 'train')
    const said = reworded(question.prompt, seededRng('words', task.slug))
    const data = (text: string) => text.match(/-?\d+/g)
    expect(data(said)).toEqual(data(question.prompt))
  }
})

describe('the plan of the study', () => {
  it.each(Object.keys(sizes))('of size %s holds all methods and known tasks', async name => {
    const plan = await resolvePlan(studyPlan({ task: 'local/t.gguf', coach: 'local/c.gguf' }, sizes[name]!))
    expect(new Set(plan.methods.map(({ method }) => method))).toEqual(new Set(names('methods')))
    expect(plan.pool).toBe('test')
  })

  it('that is kept in experiments has the same methods', async () => {
    const kept = await resolvePlan(JSON.parse(readFileSync(join(root, 'experiments/miniature.json'), 'utf8')))
    expect(new Set(kept.methods.map(({ method }) => method))).toEqual(new Set(names('methods')))
  })
})

describe('the command of the study', () => {
  const study = (...args: string[]) =>
    spawnSync(process.execPath, ['tools/miniature.ts', ...args], { cwd: root, encoding: 'utf8' })

  it('tells its sizes, steps and examples', () => {
    const { status, stdout } = study('--help')
    expect(status).toBe(0)
    for (const words of [...Object.keys(sizes), 'coach-gguf', '--threads', 'Examples:']) expect(stdout).toContain(words)
  })

  it.each([
    [['--sise', 'tiny'], /--sise[\s\S]*--help/],
    [['--size', 'huge'], /no size "huge"[\s\S]*tiny/],
    [['--threads', 'many'], /--threads many[\s\S]*--threads 2/],
    [['--only', 'dinner'], /no step "dinner"[\s\S]*trees/],
  ])('refuses %j with the mend', (args, words) => {
    const { status, stderr } = study(...args)
    expect([status, stderr]).toEqual([2, expect.stringMatching(words)])
  })

  it.skipIf(trainers === '' || !isInstalled())(`refuses a folder that another start works in${without}`, () => {
    const out = mkdtempSync(join(tmpdir(), 'miniature-'))
    writeFileSync(join(out, 'lock'), String(process.pid))
    const { status, stderr } = study('--size', 'test', '--out', out)
    expect([status, stderr]).toEqual([2, expect.stringContaining(`process ${process.pid} is making the study`)])
    rmSync(out, { recursive: true })
  })
})

describe.skipIf(!process.env.CODESTEER_MINIATURE)('the whole study at its smallest size', () => {
  it('runs from nothing to its report, and goes on where it stopped', () => {
    const out = mkdtempSync(join(tmpdir(), 'miniature-'))
    const study = (...more: string[]) =>
      execFileSync(process.execPath, ['tools/miniature.ts', '--size', 'test', '--out', out, ...more], {
        cwd: root,
        stdio: 'pipe',
      })
    study()
    for (const file of ['task.gguf', 'coach.gguf', 'study.run', 'report.html'])
      expect(existsSync(join(out, file)), file).toBe(true)
    const before = readFileSync(join(out, 'steps.json'), 'utf8')
    study()
    expect(readFileSync(join(out, 'steps.json'), 'utf8')).toBe(before)
    rmSync(out, { recursive: true })
  }, 1_800_000)
})
