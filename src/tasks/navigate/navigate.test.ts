import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import task from './navigate.ts'

const published = (body: string, solution = 'Yes') =>
  ({
    task: 'navigate',
    sample: 'navigate:0',
    question: `If you follow these instructions, do you return to the starting point? ${body}\nOptions:\n- Yes\n- No`,
    solution,
  }) as PublishedSample

describe('navigate', () => {
  it('follows turns as in the worked example', () => {
    const puzzle = task.fromPublished(
      published('Take 3 steps. Turn right. Take 2 steps. Turn around. Take 2 steps. Turn left. Take 3 steps.'),
    )!
    expect(task.solve(puzzle)).toBe('Yes')
  })

  it('takes left and right as sidesteps where nobody turns', () => {
    const puzzle = task.fromPublished(
      published(
        'Always face forward. Take 1 step backward. Take 9 steps left. Take 1 step forward. Take 9 steps right.',
      ),
    )!
    expect(task.solve(puzzle)).toBe('Yes')
  })

  it('repeats what stands directly before, in addition to the first time', () => {
    const moves = [
      { do: 'go', way: 'north-east', count: 2, said: 0 },
      { do: 'go', way: 'south', count: 1, said: 0 },
      { do: 'again', last: 2, times: 2, said: 0 },
      { do: 'go', way: 'west', count: 6, said: 0 },
      { do: 'go', way: 'south', count: 3, said: 0 },
    ] as const
    expect(task.solve({ scene: 0, ending: 0, moves })).toBe('Yes')
    expect(task.solve({ scene: 0, ending: 0, moves: moves.toSpliced(2, 1) })).toBe('No')
  })

  it('refuses a question with an unknown sentence', () => {
    expect(task.fromPublished(published('Take 3 steps. Hop twice.'))).toBeNull()
  })

  it.each([
    'Yes.',
    '**yes**',
    '- Yes',
    '\\text{Yes}',
    'Answer: Yes',
    'Yes, all lengths cancel.',
    '```\nYes\n```',
    'true',
  ])('accepts %s', answer => {
    const puzzle = task.fromPublished(published('Take 1 step. Turn around. Take 1 step.'))!
    expect(task.verify(puzzle, answer).verdict).toBe('correct')
  })

  it.each([
    'Yes and No',
    'Yes, but maybe not',
    'Yesterday',
    'Y',
    '0',
    'Yes/No',
    'Yes. No.',
    'Yes, it is not',
    'not Yes',
  ])('refuses %s', answer => {
    const puzzle = task.fromPublished(published('Take 1 step. Turn around. Take 1 step.'))!
    expect(task.verify(puzzle, answer).verdict).not.toBe('correct')
  })

  it('comes back in about half of the walks of every level', () => {
    for (const [i] of task.levels.entries()) {
      const yes = Array.from({ length: 60 }, (_, seed) => task.solve(draw(task, i + 1, seed).puzzle)).filter(
        answer => answer === 'Yes',
      )
      expect(yes.length).toBeGreaterThan(15)
      expect(yes.length).toBeLessThan(45)
    }
  })
})
