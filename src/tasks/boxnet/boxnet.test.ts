import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import { seededRng } from '../../util/rng.ts'
import boxnet from './boxnet.ts'
import { canonicalField } from './identity.ts'
import { distance, errands, schedule } from './solver.ts'

const puzzle = {
  rows: 1,
  cols: 2,
  squares: [
    ['box_red', 'target_blue'],
    ['box_blue', 'target_red'],
  ],
  stepLimit: null,
}
const judge = (answer: string) => boxnet.verify(puzzle, answer)
const swap =
  '{"Agent[0.5, 0.5]": "move(box_red, square[0.5, 1.5])", "Agent[0.5, 1.5]": "move(box_blue, square[0.5, 0.5])"}'
const finish = '{"Agent[0.5, 0.5]": "move(box_blue, target_blue)", "Agent[0.5, 1.5]": "move(box_red, target_red)"}'
const right = `[${swap}, ${finish}]`

describe('boxnet', () => {
  it.each([
    ['as asked', right],
    ['without blanks', right.replaceAll(' ', '')],
    ['over many lines', JSON.stringify(JSON.parse(right), null, 2)],
    ['in Python quotes', right.replaceAll('"', "'")],
    ['in a fence', `\`\`\`json\n${right}\n\`\`\``],
    ['with other decimals and blanks', right.replaceAll('0.5', '0.50').replaceAll('Agent[', 'Agent [ ')],
    ['in capitals', right.replaceAll('move', 'Move').replaceAll('box_red', 'box_RED')],
    ['with an empty step', `[{}, ${right.slice(1)}`],
    ['with a trailing comma', `${right.slice(0, -1)},]`],
    ['as an assignment', `plan = ${right}`],
  ])('reads a plan written %s', (_, answer) => {
    expect(judge(answer)).toEqual({ verdict: 'correct' })
  })

  // Skipped silently, or a crash of the whole run, in the published judge.
  it.each([
    [
      'a box that is not there',
      `[{"Agent[0.5, 0.5]": "move(box_green, square[0.5, 1.5])"}, ${right.slice(1)}`,
      /no box_green/,
    ],
    ['the second step alone', `[${finish}]`, /step 1: .*no box_blue/],
    [
      'a move to the own square',
      `[{"Agent[0.5, 0.5]": "move(box_red, square[0.5, 0.5])"}, ${right.slice(1)}`,
      /not next/,
    ],
    ['a target elsewhere', `[{"Agent[0.5, 0.5]": "move(box_red, target_red)"}]`, /no target_red/],
    ['a box travelling on in the same step', `[${swap.slice(0, -1)}, ${finish.slice(1)}]`, /acts twice/],
    ['an unknown verb', `[{"Agent[0.5, 0.5]": "wait"}, ${right.slice(1)}`, /none of the two actions/],
    [
      'an agent off the grid',
      `[{"Agent[1.5, 0.5]": "move(box_red, target_red)"}, ${right.slice(1)}`,
      /there is no "Agent\[1.5/,
    ],
    ['a square off the grid', right.replace('square[0.5, 1.5]', 'square[1.5, 0.5]'), /off the grid/],
    ['negative coordinates', right.replaceAll('Agent[0.5', 'Agent[-0.5'), /no agent's name/],
    ['an agent without coordinates', `[{"Agent": "move(box_red, target_red)"}, ${right.slice(1)}`, /no agent's name/],
    ['a square without coordinates', right.replace('square[0.5, 1.5]', 'square'), /none of the two/],
    ['a target of another colour', right.replace('target_blue', 'target_red'), /does not belong/],
    ['a repeated key', right.replace('{', '{"Agent[0.5, 0.5]": "move(box_red, square[0.5, 1.5])", '), /acts twice/],
    ['a plan that stops early', `[${swap}]`, /2 of 2 boxes are not matched/],
    ['no step', '[]', /2 of 2/],
    ['an object instead of a list', swap, /not a list/],
    ['objects without a list', `${swap}, ${finish}`, /left over/],
    ['a list in a list', `[${right}]`, /not an object/],
    ['curly quotes', right.replaceAll('"', '”'), /where a value is expected/],
    ['a hyphen', right.replaceAll('box_', 'box-'), /none of the two/],
    ['a list cut short', right.slice(0, -1), /ends/],
    ['a number as action', '[{"Agent[0.5, 0.5]": 5}]', /no text/],
    ['nothing', '', /./],
  ])('refuses %s', (_, answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toMatch(/^(incorrect|malformed)$/)
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it('lets no box travel two squares in one step', () => {
    const row = { rows: 1, cols: 3, squares: [['box_red'], [], ['target_red']], stepLimit: null }
    const on = '"Agent[0.5, 0.5]": "move(box_red, square[0.5, 1.5])"'
    const further = '"Agent[0.5, 1.5]": "move(box_red, square[0.5, 2.5])"'
    const match = '{"Agent[0.5, 2.5]": "move(box_red, target_red)"}'
    expect(boxnet.verify(row, `[{${on}}, {${further}}, ${match}]`).verdict).toBe('correct')
    expect(boxnet.verify(row, `[{${on}, ${further}}, ${match}]`).verdict).toBe('incorrect')
    expect(boxnet.verify({ ...row, stepLimit: 2 }, `[{${on}}, {${further}}, ${match}]`)).toEqual({
      verdict: 'incorrect',
      why: '3 steps, at most 2 are allowed',
    })
  })

  it('wants the action also for a box that begins on its target', () => {
    const lying = { rows: 1, cols: 1, squares: [['target_red', 'box_red']], stepLimit: null }
    expect(boxnet.verify(lying, '[]').verdict).toBe('incorrect')
    expect(boxnet.verify(lying, boxnet.solve(lying)).verdict).toBe('correct')
  })

  it('pairs boxes and targets by the least way, as all pairings show', () => {
    const rng = seededRng('boxnet pairs')
    for (let i = 0; i < 60; i++) {
      const squares = Array.from({ length: 12 }, () => [] as string[])
      for (let k = 0; k < 4; k++) for (const kind of ['box_red', 'target_red']) rng.pick(squares).push(kind)
      const field = { rows: 3, cols: 4, squares }
      const at = (kind: string) => squares.flatMap((items, s) => items.filter(item => item === kind).map(() => s))
      const pairings = (targets: number[]): number[][] =>
        targets.length === 0 ? [[]] : targets.flatMap((t, j) => pairings(targets.toSpliced(j, 1)).map(p => [t, ...p]))
      const cost = (targets: number[]) => at('box_red').reduce((sum, b, j) => sum + distance(4, b, targets[j]!), 0)
      const least = Math.min(...pairings(at('target_red')).map(cost))
      expect(errands(field)!.reduce((sum, { from, to }) => sum + distance(4, from, to), 0)).toBe(least)
    }
    expect(errands({ rows: 1, cols: 1, squares: [['box_red']] })).toBeNull()
    expect(schedule({ rows: 1, cols: 1, squares: [['target_red']] })).toBeNull()
  })

  it('knows the same field in other colours, mirrored or turned', () => {
    const field = { rows: 1, cols: 3, squares: [['box_red', 'box_blue'], ['target_red'], ['target_blue']] }
    const other = { rows: 3, cols: 1, squares: [['target_pink'], ['target_brown'], ['box_pink', 'box_brown']] }
    expect(canonicalField(other)).toBe(canonicalField(field))
    const swapped = { ...field, squares: [['target_red'], ['box_red', 'box_blue'], ['target_blue']] }
    expect(canonicalField(swapped)).not.toBe(canonicalField(field))
  })

  it('reads a published field, also as the data set stores it', () => {
    const squares = { '0.5_1.5': ['box_blue', 'target_red'], '0.5_0.5': ['box_red', 'target_blue'] }
    const sample = { task: 'boxnet', sample: 'x', question: null, solution: null }
    expect(boxnet.fromPublished({ ...sample, instance: { rows: 1, cols: 2, squares } })).toEqual(puzzle)
    expect(boxnet.fromPublished({ ...sample, instance: squares })).toEqual(puzzle)
    expect(boxnet.fromPublished({ ...sample, solution: squares })).toEqual(puzzle)
    for (const instance of [{}, { '0.5_7.5': [] }, { '0.5_0.5': ['chair_red'] }, 'text', undefined]) {
      expect(boxnet.fromPublished({ ...sample, instance })).toBeNull()
    }
  })

  it('draws the grid', () => {
    expect(boxnet.show?.(puzzle)).toContain('| re (bl) | bl (re) |')
  })

  it('limits the steps at the upper levels so that working one by one fails', () => {
    const { puzzle: large } = draw(boxnet, 6, 0)
    const steps = JSON.parse(boxnet.solve(large)) as Record<string, string>[]
    expect(steps.length).toBeLessThanOrEqual(large.stepLimit!)
    const oneByOne = steps.flatMap(step => Object.entries(step).map(([agent, action]) => ({ [agent]: action })))
    expect(boxnet.verify({ ...large, stepLimit: null }, JSON.stringify(oneByOne)).verdict).toBe('correct')
    expect(boxnet.verify(large, JSON.stringify(oneByOne)).verdict).toBe('incorrect')
  })
})
