import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import { seededRng } from '../../util/rng.ts'
import blocksworld from './blocksworld.ts'
import { canonicalStacks } from './identity.ts'
import { plan, unsettled } from './solver.ts'

const puzzle = { start: [['A', 'B'], [], ['C']], goal: [['C'], ['B', 'A'], []], moveLimit: null }
const judge = (answer: string) => blocksworld.verify(puzzle, answer)
const right = 'Move B from 1 to 2\nMove A from 1 to 2\nMove C from 3 to 1'

describe('blocksworld', () => {
  it.each([
    ['as asked', right],
    ['with stack names', right.replaceAll(/(from|to) /g, '$1 stack')],
    ['with spelled stack names', right.replaceAll(/(from|to) /g, '$1 Stack ')],
    ['with blank lines and CRLF', `\r\n${right.replaceAll('\n', '\r\n\r\n')}  \r\n`],
    ['with odd blanks', right.replaceAll(' ', '  ')],
    ['numbered, with full stops', '1. Move B from 1 to 2.\n2) Move A from 1 to 2.\nStep 3: Move C from 3 to 1.'],
    ['in small letters', right.toLowerCase()],
    ['in a fence', `\`\`\`text\n${right}\n\`\`\``],
    ['with bracketed blocks', right.replaceAll(/Move (\w)/g, 'Move [$1]')],
    ['with a longer way', `Move C from 3 to 2\nMove C from 2 to 3\n${right}`],
    ['with a block put back in place', `Move B from 1 to 1\n${right}`],
  ])('reads a plan written %s', (_, answer) => {
    expect(judge(answer)).toEqual({ verdict: 'correct' })
  })

  it.each([
    ['a buried block', `Move A from 1 to 2\n${right}`, /move 1: "A" is not on top of stack 1, B is/],
    ['a stop too early', right.split('\n').slice(0, 2).join('\n'), /stack 1 ends as "\(empty\)", not as "C"/],
    ['a stack that is not there', `${right}\nMove C from 1 to 4`, /move 4: there is no stack 4/],
    ['stack 0', 'Move B from 0 to 1', /no stack 0/],
    ['an empty stack', 'Move B from 2 to 1', /move 1: stack 2 is empty/],
    ['an unknown block', `${right}\nMove Z from 1 to 3`, /"Z" is not on top/],
    ['nothing at all', '', /stack 1 ends/],
  ])('refuses %s', (_, answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('incorrect')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it.each([
    right.replaceAll('\n', ' '),
    `[${right}]`,
    `${right}!`,
    right.replaceAll('from ', ''),
    'Move B from 1 to table',
    'Move A from  to 2',
    'Move A from stack to 2',
    '[["B", "stack1", "stack2"]]',
    'No solution',
  ])('cannot read %j and names the line', answer => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('malformed')
    expect('why' in verdict && verdict.why).toMatch(/line \d/)
  })

  it('accepts the empty plan where nothing is to do, and stacks outside the goal must end empty', () => {
    const sample = (initial: unknown, goal: unknown) =>
      blocksworld.fromPublished({
        task: 'blocksworld',
        sample: 'x',
        question: null,
        solution: null,
        instance: { initial, goal },
      })!
    const done = sample({ stack1: ['A'], stack2: ['B'], stack3: [] }, { stack1: ['A'], stack2: ['B'] })
    expect(blocksworld.verify(done, '').verdict).toBe('correct')
    expect(blocksworld.verify(done, '<<<>>>').verdict).toBe('correct')
    expect(blocksworld.solve(done)).toBe('')
    const open = sample({ stack1: [], stack2: ['B'], stack3: ['A'] }, { stack1: [], stack2: ['B'] })
    expect(open.goal).toEqual([[], ['B'], []])
    expect(sample({ stack1: [] }, { stack7: ['A'] })).toBeNull()
  })

  it('reads a published puzzle from its text alone', () => {
    const question = 'Initial State:\nstack1: \nstack2: B A\nstack3: \n\nGoal State:\nstack1: \nstack2: A B\n\nPlease …'
    expect(blocksworld.fromPublished({ task: 'blocksworld', sample: 'x', question, solution: null })).toEqual({
      start: [[], ['B', 'A'], []],
      goal: [[], ['A', 'B'], []],
      moveLimit: null,
    })
    expect(
      blocksworld.fromPublished({ task: 'blocksworld', sample: 'x', question: 'Other', solution: null }),
    ).toBeNull()
  })

  it('counts moves against a limit', () => {
    const limited = { ...puzzle, moveLimit: 3 }
    expect(blocksworld.verify(limited, right).verdict).toBe('correct')
    expect(blocksworld.verify(limited, `Move C from 3 to 3\n${right}`)).toEqual({
      verdict: 'incorrect',
      why: '4 moves, at most 3 are allowed',
    })
  })

  it('plans from any start to any goal over three stacks', () => {
    const rng = seededRng('blocksworld plans')
    for (let i = 0; i < 300; i++) {
      const names = [...'ABCDEFGHIJ'].slice(0, rng.int(1, 10))
      const random = () => {
        const stacks: string[][] = [[], [], []]
        for (const name of rng.shuffle(names)) rng.pick(stacks).push(name)
        return stacks
      }
      const any = { start: random(), goal: random(), moveLimit: null }
      expect(blocksworld.verify(any, blocksworld.solve(any)).verdict).toBe('correct')
      expect(plan(any.start, any.goal)!.length).toBeGreaterThanOrEqual(unsettled(any.start, any.goal))
    }
    expect(plan([['A', 'B'], []], [['B', 'A'], []])).toBeNull()
  })

  it('knows the same puzzle in other names and stack numbers', () => {
    const other = [[['Q'], ['R', 'S'], []] as const, [[], ['Q'], ['S', 'R']] as const] as const
    expect(canonicalStacks(puzzle.start, puzzle.goal)).toBe(canonicalStacks(...other))
    expect(canonicalStacks(puzzle.start, puzzle.goal)).not.toBe(canonicalStacks(puzzle.goal, puzzle.start))
  })

  it('draws stacks standing on their numbers', () => {
    expect(blocksworld.show?.(puzzle).split('\n').slice(0, 5)).toEqual([
      'Start',
      ' B    ',
      ' A   C',
      '-------',
      ' 1 2 3',
    ])
  })

  it('limits the moves at the upper levels so that shuffling about does not pay', () => {
    const { puzzle: large } = draw(blocksworld, 8, 0)
    const moves = blocksworld.solve(large).split('\n')
    expect(large.moveLimit).toBeLessThan(moves.length * 1.5)
    const [block, from, to] = /Move (\w+) from (\d+) to (\d+)/.exec(moves.at(-1)!)!.slice(1)
    const dither = Array.from({ length: moves.length }, () => [
      `Move ${block} from ${to} to ${from}`,
      `Move ${block} from ${from} to ${to}`,
    ]).flat()
    expect(blocksworld.verify(large, [...moves, ...dither].join('\n')).verdict).toBe('incorrect')
  })
})
