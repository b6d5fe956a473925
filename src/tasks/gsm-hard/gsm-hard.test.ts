import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import { eventOf, events } from './events.ts'
import task from './gsm-hard.ts'
import { situations } from './situations.ts'

const sample = (question: string, solution: number): PublishedSample => ({
  task: 'gsm-hard',
  sample: 'gsmhardv2:7',
  question,
  solution,
})

describe('gsm-hard', () => {
  it('judges the worked example', () => {
    const puzzle = {
      kind: 'story' as const,
      situation: 'printer',
      numbers: ['12', '250', '40', '8'],
      words: { What: 'posters' },
      events: [],
      parts: 1,
    }
    expect(task.solve(puzzle)).toBe('370')
    expect(task.read(task.ask(puzzle))).toEqual(puzzle)
    for (const right of ['370', '370.0', '370 tubes', '740/2', '\\boxed{370}', '3.7e2']) {
      expect(task.verify(puzzle, right).verdict, right).toBe('correct')
    }
    for (const wrong of ['375', '37', '370 or 375', 'about 370', '-370']) {
      expect(task.verify(puzzle, wrong).verdict, wrong).not.toBe('correct')
    }
  })

  it('has enough stories, and draws every one of them and every event', () => {
    expect(situations.length).toBeGreaterThanOrEqual(20)
    const drawn = Array.from({ length: 300 }, (_, seed) => draw(task, 4 + (seed % 4), seed).puzzle)
    const stories = drawn.flatMap(puzzle => (puzzle.kind === 'story' ? [puzzle] : []))
    expect(new Set(stories.map(story => story.situation)).size).toBe(situations.length)
    expect(new Set(stories.flatMap(story => story.events.map(event => event.name))).size).toBe(events.length)
  })

  it('does what the sentences of the less plain events say', () => {
    const stockAfter = (name: string, x: bigint, ...numbers: bigint[]) => eventOf.get(name)!.value(x, numbers)
    expect(stockAfter('percent-off', 199n, 50n)).toBe(100n)
    expect(stockAfter('branches', 100n, 7n)).toBe(14n)
    expect(stockAfter('half', 101n, 1n)).toBe(50n)
    expect(stockAfter('share-out', 23n, 5n, 2n)).toBe(15n)
    expect(stockAfter('use-and-refill', 100n, 2n, 4n, 1n)).toBe(58n)
    expect(stockAfter('doubling', 10n, 2n, 3n)).toBe(31n)
    expect(stockAfter('ceiling', 10n, 12n)).toBe(10n)
  })

  it('reads no story that divides by zero or never ends', () => {
    const story = (numbers: string[], repetitions: string) => ({
      kind: 'story' as const,
      situation: 'printer',
      numbers,
      words: { What: 'posters' },
      events: [{ name: 'doubling', numbers: [repetitions, '5'] }],
      parts: 1,
    })
    expect(task.read(task.ask(story(['12', '250', '40', '8'], '3')))).not.toBeNull()
    expect(task.read(task.ask(story(['12', '250', '40', '0'], '3')))).toBeNull()
    expect(task.read(task.ask(story(['12', '250', '40', '8'], '9'.repeat(30))))).toBeNull()
  })

  it('leaves the published request for a format out of an imported question', () => {
    const question = 'How many?\n\nOutput final answer with the format <<<answer>>> such as <<<1.0>>>.\nYour answer: '
    const puzzle = task.fromPublished(sample(question, -9_867_630))!
    expect(puzzle).toEqual({ kind: 'stored', problem: 'How many?', target: -9_867_630 })
    expect(task.verify(puzzle, '−9,867,630').verdict).toBe('correct')
    // The published judge let 0.04 % pass; a whole number is met exactly.
    expect(task.verify(puzzle, '-9871577').verdict).toBe('incorrect')
  })
})
