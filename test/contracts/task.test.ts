// One suite for everything that signs the task contract. CODESTEER_TASKS=slug,slug narrows it while a task is written.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draw, identityOf } from '../../src/draw.ts'
import { folderOf, load, names } from '../../src/registry.ts'
import type { PublishedSample, Task } from '../../src/task.ts'
import { firstQuestions } from '../../src/tasks/_shared/pins.ts'
import { pythonProgram } from '../../src/tasks/_shared/python.ts'
import { canonicalJson } from '../../src/util/hash.ts'
import { seededRng } from '../../src/util/rng.ts'
import { sharedMissing, sharedRoot, sharedRows } from '../util/shared.ts'

const wanted = process.env.CODESTEER_TASKS?.split(',')
const tasks = await Promise.all(
  names('tasks')
    .filter(slug => wanted?.includes(slug) ?? true)
    .map(slug => load<Task>('tasks', slug)),
)
const everyTask = wanted ? await Promise.all(names('tasks').map(slug => load<Task>('tasks', slug))) : tasks
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

const levelsOf = (task: Task) => task.levels.map((_, i) => i + 1)
const few = (task: Task, perLevel: number) =>
  levelsOf(task).flatMap(level => Array.from({ length: perLevel }, (_, seed) => draw(task, level, seed)))

const hostile = [
  '',
  ' ',
  '\0',
  '<<<>>>',
  '<<<',
  '>>>',
  '<<<<<<>>>>>>',
  'null',
  'undefined',
  'NaN',
  '-Infinity',
  '1e999999999',
  '9'.repeat(5_000),
  '٣٤',
  '１２',
  '²',
  '∞',
  '__import__("os").system("id")',
  '[[[[[[',
  '('.repeat(50_000),
  '[]',
  '{}',
  '{"a":1}',
  '[null]',
  'True',
  '-0',
  '0x10',
  '1_000',
  '\ud800',
  '😀'.repeat(500),
  '[1, 2, 3',
  '1,'.repeat(20_000),
  'a'.repeat(100_000),
  '\n'.repeat(50_000),
  '((a+))',
  '"; drop table',
  `$\{7*7}`,
  '<<<<<<1>>>',
  '[[1,2],[3,4]]',
  '=',
  '==',
  '-',
  ',',
  '"',
  "'",
  '\\frac{1}{0}',
  '{"__proto__": {"x": 1}}',
  'constructor',
  '__proto__',
  'toString',
  '[1e400]',
  '1/0',
  '9**9**9',
]

describe.each(tasks.map(task => [task.slug, task] as const))('task %s', (slug, task) => {
  it('is what its folder says, with at least five levels', () => {
    expect(names('tasks')).toContain(task.slug)
    expect(task.version).toBeGreaterThanOrEqual(1)
    expect(task.levels.length).toBeGreaterThanOrEqual(5)
    expect(new Set(task.levels.map(level => level.knob)).size).toBe(task.levels.length)
  })

  it('gives the same question for the same coordinates, and neighbours differ', () => {
    for (const level of levelsOf(task)) {
      const [a, again, b] = [draw(task, level, 3), draw(task, level, 3), draw(task, level, 4)]
      expect(again).toEqual(a)
      expect(b.question.prompt).not.toBe(a.question.prompt)
    }
  })

  it('asks questions that stand alone: the puzzle can be read back, also out of a longer text', () => {
    for (const { question, puzzle } of few(task, 8)) {
      expect(canonicalJson(JSON.parse(JSON.stringify(puzzle)))).toBe(canonicalJson(puzzle))
      expect(canonicalJson(task.read(question.prompt))).toBe(canonicalJson(puzzle))
      expect(canonicalJson(task.read(`Think first.\n\n${question.prompt}\n\nNow answer.`))).toBe(canonicalJson(puzzle))
    }
  })

  it('reads only its own questions, and never throws on other text', () => {
    for (const other of everyTask) {
      if (other.slug === slug) continue
      for (const level of [1, other.levels.length])
        expect(task.read(draw(other, level, 0).question.prompt), other.slug).toBeNull()
    }
    for (const text of hostile) expect(() => task.read(text)).not.toThrow()
    const { prompt } = draw(task, 1, 0).question
    fc.assert(
      fc.property(fc.nat(prompt.length), fc.string({ maxLength: 5 }), (at, junk) => {
        task.read(prompt.slice(0, at) + junk + prompt.slice(at + 1))
      }),
      { numRuns: 60, seed: 7 },
    )
  })

  it('accepts its own solution, bare and marked, and refuses near misses with a reason', () => {
    for (const { question, puzzle } of few(task, 6)) {
      const solution = task.solve(puzzle)
      expect(task.verify(puzzle, solution), `${question.id}: ${solution.slice(0, 200)}`).toEqual({ verdict: 'correct' })
      expect(task.verify(puzzle, `The answer is <<<${solution}>>>`)).toEqual({ verdict: 'correct' })
      const misses = task.nearMisses(puzzle, seededRng('near', question.id))
      expect(misses.length, question.id).toBeGreaterThan(0)
      for (const miss of misses) {
        const verdict = task.verify(puzzle, miss)
        expect(verdict.verdict, `${question.id}: ${miss.slice(0, 200)} against ${solution.slice(0, 200)}`).not.toBe(
          'correct',
        )
        expect('why' in verdict && verdict.why.length > 3).toBe(true)
      }
    }
  })

  it('does not print the answer in the question, and the example is not the answer', () => {
    for (const { question, puzzle } of few(task, 8)) {
      expect(task.verify(puzzle, question.prompt).verdict, question.id).not.toBe('correct')
      const example = /<<<([\s\S]*?)>>>\s*$/.exec(question.prompt)
      if (example) expect(task.verify(puzzle, example[1]!).verdict, question.id).not.toBe('correct')
    }
  })

  it('has more than one answer to give at every level', () => {
    for (const level of levelsOf(task)) {
      const answers = Array.from({ length: 16 }, (_, seed) => task.solve(draw(task, level, seed).puzzle))
      expect(new Set(answers).size, `level ${level}`).toBeGreaterThan(1)
    }
  })

  it('judges any string, quickly', () => {
    const { puzzle } = draw(task, task.levels.length, 1)
    const easy = draw(task, 1, 1).puzzle
    const kinds = ['correct', 'incorrect', 'malformed', 'no-answer', 'unscored']
    for (const text of hostile) {
      for (const p of [puzzle, easy]) expect(kinds).toContain(task.verify(p, text).verdict)
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), text => {
        expect(kinds).toContain(task.verify(easy, text).verdict)
      }),
      { numRuns: 200, seed: 11 },
    )
    const solution = task.solve(puzzle)
    fc.assert(
      fc.property(fc.nat(solution.length), fc.string({ unit: 'grapheme', maxLength: 4 }), (at, junk) => {
        expect(kinds).toContain(task.verify(puzzle, solution.slice(0, at) + junk + solution.slice(at + 1)).verdict)
      }),
      { numRuns: 60, seed: 13 },
    )
    for (const unit of ['1', '[1, 2], ', '(', 'a b ', '\n', '<<<1>>>', solution || 'x']) {
      const huge = unit.repeat(Math.ceil(10_000_000 / unit.length))
      const begun = performance.now()
      const verdict = task.verify(puzzle, huge)
      expect(kinds).toContain(verdict.verdict)
      expect('why' in verdict ? verdict.why.length : 0).toBeLessThan(1_000)
      expect(performance.now() - begun, `10 MB of ${unit.slice(0, 20)}`).toBeLessThan(2_500)
    }
  })

  it('grows harder from level to level', () => {
    const mean = levelsOf(task).map(level => {
      const efforts = Array.from({ length: 12 }, (_, seed) => task.effort(draw(task, level, seed).puzzle))
      return efforts.reduce((a, b) => a + b, 0) / efforts.length
    })
    for (let i = 1; i < mean.length; i++)
      expect(mean[i], `effort by level: ${mean.join(', ')}`).toBeGreaterThan(mean[i - 1]!)
  })

  it('repeats no puzzle early and keeps the pools apart', () => {
    for (const level of levelsOf(task)) {
      const of = (pool: 'test' | 'train') =>
        Array.from({ length: 60 }, (_, seed) => identityOf(task, draw(task, level, seed, pool).puzzle))
      const [test, train] = [of('test'), of('train')]
      expect(new Set(test).size, `level ${level}`).toBe(60)
      expect(train.filter(identity => test.includes(identity))).toEqual([])
    }
  })

  it('still asks the pinned questions of its version', () => {
    const path = join(folderOf('tasks', slug), `${slug}.pins.json`)
    expect(existsSync(path), `no pins: node tools/pin.ts ${slug}`).toBe(true)
    expect(firstQuestions(task)).toEqual(JSON.parse(readFileSync(path, 'utf8')))
  })

  it('has an independent Python solver that is right, and a lazy one that is not always', async () => {
    let lazyRight = 0
    let asked = 0
    for (const level of levelsOf(task)) {
      const { question, puzzle } = draw(task, level, 0)
      const full = await pythonProgram(task, puzzle, 'full')
      expect(full, `${slug}.py`).not.toBeNull()
      const printed = runPython(full!)
      expect(task.verify(puzzle, printed), `${question.id}: ${printed.slice(0, 300)}`).toEqual({ verdict: 'correct' })
      const check = await pythonProgram(task, puzzle, 'check', { ANSWER: task.solve(puzzle) })
      if (check) expect(runPython(check), question.id).toBe('Correct')
      const lazy = await pythonProgram(task, puzzle, 'lazy')
      expect(lazy, `${slug}.lazy.py`).not.toBeNull()
      asked++
      if (task.verify(puzzle, runPython(lazy!, 2_000)).verdict === 'correct') lazyRight++
    }
    expect(lazyRight, 'the lazy program was right at every level').toBeLessThan(asked)
  }, 120_000)

  const missing = sharedMissing(`symbench/verdicts/${slug}.jsonl`)
  it.skipIf(missing)('agrees with the published verdicts wherever they are right', () => {
    const samples = new Map(sharedRows<PublishedSample>(`symbench/samples/${slug}.jsonl`).map(s => [s.sample, s]))
    const judgement = new Set(['ambiguous', 'repeated-values', 'unary-minus', 'merged-sign'])
    const wrong: unknown[] = []
    let judged = 0
    for (const row of sharedRows<VerdictRow>(`symbench/verdicts/${slug}.jsonl`)) {
      if (judgement.has(row.kind) || row.policy !== undefined) continue
      const puzzle = task.fromPublished(samples.get(row.sample)!)
      const verdict = puzzle === null ? null : task.verify(puzzle, row.answer)
      judged++
      if ((verdict?.verdict === 'correct') !== (row.truth ?? row.verdict)) wrong.push({ row, verdict })
    }
    expect(judged).toBeGreaterThan(100)
    expect(wrong).toEqual([])
  })
})

const table = sharedMissing('paper/symbench-results.csv')
describe.skipIf(table || wanted)('the tasks together', () => {
  it('are the 37 of the published table, with its split', () => {
    const rows = readFileSync(`${sharedRoot}paper/symbench-results.csv`, 'utf8').trim().split('\n').slice(1)
    const published = rows.map(row => row.split(',').slice(0, 2).join(' ')).sort()
    expect(tasks.map(task => `${task.slug} ${task.split}`).sort()).toEqual(published)
  })
})

interface VerdictRow {
  readonly sample: string
  readonly answer: string
  readonly verdict: boolean
  readonly truth?: boolean
  readonly kind: string
  readonly policy?: string
}

/** Our own programs, no model's: they may run bare. */
function runPython(source: string, timeout = 20_000): string {
  try {
    return execFileSync(python, ['-I', '-'], {
      input: source,
      timeout,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    }).trim()
  } catch (error) {
    return `failed: ${(error as { stderr?: string }).stderr?.slice(-300) ?? error}`
  }
}
