import { describe, expect, it } from 'vitest'
import { loadAll } from '../registry.ts'
import type { Task } from '../task.ts'
import { seededRng } from '../util/rng.ts'

const tasks = await loadAll<Task>('tasks')
const counting = tasks.filter(task => task.countSolutions)
const taskOf = (slug: string) => tasks.find(task => task.slug === slug)!

/** All lists of `length` items. */
function* lists<T>(items: readonly T[], length: number): Generator<T[]> {
  if (length === 0) yield []
  else for (const rest of lists(items, length - 1)) for (const item of items) yield [...rest, item]
}

/** Counts right answers by asking the verifier about every text. */
function byVerifier(task: Task, puzzle: unknown, answers: Iterable<string>): number {
  let count = 0
  for (const answer of answers) if (task.verify(puzzle, answer).verdict === 'correct') count++
  return count
}
const texts = function* <T>(items: readonly T[], length: number, text: (list: T[]) => string) {
  for (const list of lists(items, length)) yield text(list)
}

describe('countSolutions', () => {
  it.each(counting.map(task => [task.slug, task] as const))(
    '%s: at least one for every drawn puzzle, and no more than asked',
    (slug, task) => {
      for (const level of [1, 2]) {
        for (let seed = 0; seed < 5; seed++) {
          const puzzle = task.generate(seededRng('count', slug, level, seed), level)
          const [one, two] = [task.countSolutions!(puzzle, 1), task.countSolutions!(puzzle, 2)]
          expect([1, null]).toContain(one)
          expect([1, 2, null]).toContain(two)
        }
      }
    },
  )

  it('knows the famous numbers', () => {
    const queens = (size: number) =>
      taskOf('eight-queens').countSolutions!({ board: Array(size).fill('.'.repeat(size)) }, 1_000)
    expect([queens(4), queens(6), queens(8), queens(3)]).toEqual([2, 4, 92, 0])
    const empty = { box: 2, grid: Array.from({ length: 4 }, () => [0, 0, 0, 0]) }
    expect(taskOf('standard-sudoku').countSolutions!(empty, 1_000)).toBe(288)
    const lock = { digits: 2, letters: 2, guesses: [] }
    expect(taskOf('cryptanalysis').countSolutions!(lock, 100_000)).toBe(90 * 650)
  })

  it('agrees with the verifier on every possible answer of small puzzles', () => {
    const shelf = {
      books: ['A', 'B', 'C', 'D'],
      rules: [
        { kind: 'left', book: 'A', other: 'B' },
        { kind: 'not', book: 'C', place: 1 },
      ],
    }
    const books = taskOf('permutations-and-combinations')
    const orders = texts(shelf.books, 4, list => JSON.stringify(list))
    expect(books.countSolutions!(shelf, 99)).toBe(byVerifier(books, shelf, orders))

    const equation = taskOf('logical-equation')
    for (const repeats of [true, false]) {
      const puzzle = { numbers: [1, 2, 3, 4], statements: [{ kind: 'sum', left: 'A', right: 'B', amount: 5 }], repeats }
      const values = texts(puzzle.numbers, 4, list => `[${list.join(', ')}]`)
      expect(equation.countSolutions!(puzzle, 999), `repeats ${repeats}`).toBe(byVerifier(equation, puzzle, values))
    }

    const square = taskOf('letter-logic-diagram')
    const blank = { grid: Array.from({ length: 3 }, () => [null, null, null]) }
    const squares = texts(
      ['a', 'b', 'c'],
      9,
      ([a, b, c, d, e, f, g, h, i]) => `${a},${b},${c}\n${d},${e},${f}\n${g},${h},${i}`,
    )
    expect(square.countSolutions!(blank, 99)).toBe(byVerifier(square, blank, squares))

    const cards = taskOf('constrained-linear-arrangement')
    const game = {
      beats: { A: 'B', B: 'C', C: 'D', D: 'A' },
      moves: ['A', 'B', 'D'],
      results: ['draw', 'win', 'draw'],
      facts: [],
    }
    expect(cards.countSolutions!(game, 99)).toBe(
      byVerifier(
        cards,
        game,
        texts(['A', 'B', 'C', 'D'], 3, list => list.join(',')),
      ),
    )
  })

  it('counts selections of a grid as the verifier does', () => {
    const task = taskOf('logical-puzzle')
    const cells = [0, 1, 2].flatMap(row => [0, 1, 2].map(column => `${row} ${column}`))
    const selections = function* (count: number) {
      for (const list of lists(cells, count))
        if (list.every((cell, i) => i === 0 || cell > list[i - 1]!)) yield list.join(', ')
    }
    const product = {
      grid: [
        [5, -2, 4],
        [-1, -3, 2],
        [1, 6, -4],
      ],
      count: 4,
      most: null,
    }
    const sum = {
      grid: [
        [1, 2, 1],
        [3, 1, 2],
        [4, 1, 3],
      ],
      count: 3,
      most: 4,
    }
    const none = {
      grid: [
        [3, 3, 3],
        [3, 3, 3],
        [3, 3, 3],
      ],
      count: 2,
      most: 4,
    }
    for (const puzzle of [product, sum, none]) {
      const expected = byVerifier(task, puzzle, selections(puzzle.count))
      expect(task.countSolutions!(puzzle, 99), JSON.stringify(puzzle)).toBe(expected)
    }
    expect(task.countSolutions!(none, 2)).toBe(0)
  })
})
