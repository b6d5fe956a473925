import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import task from './constrained-linear-arrangement.ts'
import { explanations, type Game, holds, resultOf } from './game.ts'

const published = (game_type: string, player_moves: string[], results: string[]): Game =>
  task.fromPublished({
    task: 'constrained-linear-arrangement',
    sample: 'sample',
    question: null,
    solution: { game_type, player_moves, results },
  } as PublishedSample)!

const example = published('elements', ['A', 'B', 'D'], ['win', 'draw', 'loss'])
const judge = (game: Game, answer: string) => task.verify(game, answer).verdict

describe('constrained-linear-arrangement', () => {
  it('works the example, which has one answer', () => {
    expect(explanations(example, 9)).toEqual([['C', 'B', 'E']])
    expect(task.solve(example)).toBe('C,B,E')
  })

  it.each([
    'C,B,E',
    ' C , B , E ',
    '[C, B, E]',
    "['C', 'B', 'E']",
    '(C, B, E)',
    '"C", "B", "E"',
    'C B E',
    'CBE',
    'c,b,e',
  ])('accepts %s', answer => expect(judge(example, answer)).toBe('correct'))

  it.each([
    ['E,B,B', 'incorrect'],
    ['E,B,E', 'incorrect'],
    ['C,B', 'incorrect'],
    ['C,B,E,A', 'incorrect'],
    ['C,Z,E', 'malformed'],
    ['C,,E', 'malformed'],
    [',,', 'malformed'],
    ['Earth,Fire,Water', 'malformed'],
    ['[C, B, E', 'malformed'],
    ['1,2,3', 'malformed'],
  ])('refuses %s', (answer, verdict) => expect(judge(example, answer)).toBe(verdict))

  it('lets elements win and lose in whichever hand they are, and draw only when equal', () => {
    const { beats } = example
    expect(resultOf(beats, 'A', 'C')).toBe('win')
    expect(resultOf(beats, 'A', 'E')).toBe('win')
    expect(resultOf(beats, 'A', 'B')).toBe('loss')
    expect(resultOf(beats, 'A', 'D')).toBe('loss')
    for (const card of 'ABCDE') {
      expect([...'ABCDE'].filter(other => resultOf(beats, card, other) === 'draw')).toEqual([card])
    }
  })

  it('knows the mouse and the elephant', () => {
    const animals = published('animal', ['A', 'H'], ['win', 'loss'])
    expect(judge(animals, 'H,B')).toBe('incorrect')
    expect(judge(animals, 'B,A')).toBe('incorrect')
    expect(judge(animals, 'C,B')).toBe('correct')
  })

  it('refuses a card played twice, in the stick game too', () => {
    const stick = published('stick_game', ['A', 'B', 'C', 'D'], ['win', 'loss', 'draw', 'draw'])
    expect(judge(stick, 'B,A,C,D')).toBe('correct')
    expect(judge(stick, 'B,A,A,D')).toBe('incorrect')
  })

  it('calls every answer wrong where no sequence explains the game', () => {
    const none = published('elements', ['A', 'B', 'C', 'D', 'E'], ['win', 'win', 'draw', 'draw', 'draw'])
    expect(explanations(none, 1)).toEqual([])
    expect(judge(none, 'C,D,C,D,E')).toBe('incorrect')
  })

  it('finds exactly the sequences that trying all of them finds', () => {
    for (let seed = 0; seed < 12; seed++) {
      const { beats, moves, results, facts } = draw(task, 2, seed).puzzle
      const fits = (cards: readonly string[]) =>
        moves.every((mine, i) => resultOf(beats, mine, cards[i]!) === results[i]) &&
        facts.every(fact => holds(fact, cards))
      const all = sequences(Object.keys(beats), moves.length).filter(fits)
      const found = explanations({ beats, moves, results, facts }, 1_000)!
      expect(found.map(cards => cards.join('')).sort()).toEqual(all.map(cards => cards.join('')).sort())
    }
  })
})

function sequences(cards: readonly string[], length: number): string[][] {
  if (length === 0) return [[]]
  return cards.flatMap(first =>
    sequences(
      cards.filter(card => card !== first),
      length - 1,
    ).map(rest => [first, ...rest]),
  )
}
