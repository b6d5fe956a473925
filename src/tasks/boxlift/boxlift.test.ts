import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import boxlift from './boxlift.ts'
import { greedyPlan, shortPlan } from './solver.ts'

const puzzle = { boxes: [7, 5, 4], lifters: [5, 4, 3], stepLimit: 2 }
const judge = (answer: string) => boxlift.verify(puzzle, answer)
const right = 'Step 1: [(7, [1, 2]), (5, [0])]\nStep 2: [(4, [1])]'

describe('boxlift', () => {
  it.each([
    ['as asked', right],
    ['without blanks', 'Step 1:[(7,[1,2]),(5,[0])]\nStep 2:[(4,[1])]'],
    ['JSON lists', 'Step 1: [[7, [1, 2]], [5, [0]]]\nStep 2: [[4, [1]]]'],
    ['tuples', 'Step 1: ((7, (1, 2)), (5, (0,)))\nStep 2: [(4, (1,))]'],
    ['pairs without a list', 'Step 1: (7, [1, 2]), (5, [0])\nStep 2: (4, [1])'],
    ['one line', 'Step 1: [(7, [1, 2]), (5, [0])] Step 2: [(4, [1])]'],
    ['blank lines, CRLF', '\r\nStep 1: [(7, [1, 2]), (5, [0])]\r\n\r\nStep 2:\r\n[(4, [1])]\r\n'],
    ['small letters and a fence', '```\nstep 1: [(7, [1, 2]), (5, [0])],\nstep 2: [(4, [1])].\n```'],
    ['a heading', `Plan:\n${right}`],
    ['a heading that says step', `Steps:\n${right}`],
    ['other labels', right.replace('Step 1', '**Step 5').replace(': [(7', ':** [(7')],
  ])('reads a plan written with %s', (_, answer) => {
    expect(judge(answer).verdict).toBe('correct')
  })

  it('lets a step stay empty and a lift be overstaffed', () => {
    const roomy = { ...puzzle, stepLimit: 4 }
    expect(boxlift.verify(roomy, 'Step 1: []\nStep 2: [(7, [0, 1, 2])]\nStep 3: [(5, [0]), (4, [1, 2])]').verdict).toBe(
      'correct',
    )
  })

  // Accepted by the published judge.
  it.each([
    [
      'a box that does not exist',
      'Step 1: [(9, [0, 1]), (7, [1, 2]), (5, [0])]\nStep 2: [(4, [1])]',
      /no box of weight 9/,
    ],
    ['a box lifted twice', `${right.slice(0, -1)}, (5, [0])]`, /no box of weight 5 is left/],
    ['a lifter listed twice', 'Step 1: [(7, [0, 0]), (5, [1, 2])]\nStep 2: [(4, [1])]', /lifter 0 is used twice/],
    ['a lifter used twice in a step', 'Step 1: [(7, [1, 2]), (5, [0]), (4, [0])]', /lifter 0 is used twice/],
    ['a negative number', 'Step 1: [(7, [-2, 2]), (5, [0])]\nStep 2: [(4, [1])]', /no lifter -2/],
    ['minus zero', 'Step 1: [(7, [1, 2]), (5, [-0])]\nStep 2: [(4, [1])]', /no lifter/],
    ['a lifter beyond the last', 'Step 1: [(7, [1, 3]), (5, [0])]\nStep 2: [(4, [1])]', /no lifter 3/],
    ['a step too many', `${right}\nStep 3: []`, /3 steps, at most 2/],
    ['too little strength', 'Step 1: [(7, [2]), (5, [0])]\nStep 2: [(4, [1])]', /weighs 7/],
    ['nobody', 'Step 1: [(7, [1, 2]), (5, [])]\nStep 2: [(4, [1])]', /nobody/],
    ['a box left', 'Step 1: [(7, [1, 2]), (5, [0])]', /1 of 3 boxes are never lifted, one weighs 4/],
  ])('refuses %s', (_, answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('incorrect')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it.each([
    '',
    'No plan',
    'Step 1:',
    'Step 1:\nStep 2: [(7, [1, 2]), (5, [0])]\nStep 3: [(4, [1])]',
    'Step 1: [7, [1, 2], 5, [0]]\nStep 2: [4, [1]]',
    'Step 1: None',
    'Step 1: exit()',
    'Step 1: [(w, l) for w, l in [(7, [1, 2]), (5, [0])]]\nStep 2: [(4, [1])]',
    'Step 1: __import__("os") and [(7, [1, 2]), (5, [0])]\nStep 2: [(4, [1])]',
    'Step 1: [("7", [1, 2]), (5, [0])]\nStep 2: [(4, [1])]',
    'Step 1: [(7, 1)]',
    right.slice(0, -1),
    right.replace(')]', ']'),
    `${right}\nAll done`,
  ])('cannot read %j', answer => {
    expect(judge(answer).verdict).toBe('malformed')
  })

  it('is quick on long blanks', () => {
    const begun = performance.now()
    for (const blank of [' ', '\n', '* ']) judge(`Plan:${blank.repeat(40_000)}x`)
    expect(performance.now() - begun).toBeLessThan(1_000)
  })

  it('counts equal weights as different boxes', () => {
    const twins = { boxes: [5, 5], lifters: [5], stepLimit: 2 }
    expect(boxlift.verify(twins, 'Step 1: [(5, [0])]\nStep 2: [(5, [0])]').verdict).toBe('correct')
    expect(boxlift.verify(twins, 'Step 1: [(5, [0])]').verdict).toBe('incorrect')
  })

  it('takes the published limit from the greedy plan and finds shorter plans', () => {
    expect(greedyPlan(puzzle.boxes, puzzle.lifters)?.length).toBe(2)
    expect(greedyPlan([13], [5, 4, 3])).toBeNull()
    expect(shortPlan([13], [5, 4, 3])).toBeNull()
    const instance = { boxes: puzzle.boxes, lifters: puzzle.lifters }
    expect(boxlift.fromPublished({ task: 'boxlift', sample: 'x', question: null, solution: null, instance })).toEqual(
      puzzle,
    )
    const tight = draw(boxlift, 6, 0).puzzle
    expect(greedyPlan(tight.boxes, tight.lifters)!.length).toBeGreaterThan(tight.stepLimit)
  })
})
