// Samples that are degenerate, repeat themselves, or lie outside what their own verifier can accept.
import { shortPlan } from '../../tasks/boxlift/solver.ts'
import type { Statement } from '../../tasks/logical-equation/solver.ts'
import { arrangementsWithin, type Rule } from '../../tasks/permutations-and-combinations/solver.ts'
import { type Probe, probe, stored } from './probe.ts'

interface Blocks {
  readonly start: readonly (readonly string[])[]
  readonly goal: readonly (readonly string[])[]
}
const stacks = (list: readonly (readonly string[])[]) => list.map(stack => stack.join('')).join('|')

/** Whether at most so many moves lead from the start to the goal. */
function within(moves: number, start: readonly (readonly string[])[], goal: string): boolean {
  if (stacks(start) === goal) return true
  if (moves === 0) return false
  return start.some((from, i) =>
    start.some((_to, j) => {
      if (i === j || from.length === 0) return false
      const next = start.map((stack, k) => (k === i ? stack.slice(0, -1) : k === j ? [...stack, from.at(-1)!] : stack))
      return within(moves - 1, next, goal)
    }),
  )
}

interface Shelf {
  readonly books: readonly string[]
  readonly rules: readonly Rule[]
}
/** Books that no rule about order, neighbourhood or a fixed place mentions. */
const looseBooks = ({ books, rules }: Shelf) => {
  const bound = new Set(rules.filter(rule => rule.kind !== 'not').flatMap(booksOf))
  return books.filter(book => !bound.has(book))
}
const booksOf = (rule: Rule): string[] => ('other' in rule ? [rule.book, rule.other] : [rule.book])

export const instances: Readonly<Record<string, readonly Probe[]>> = {
  blocksworld: [
    probe<Blocks>(
      'already-solved',
      'the start is the goal, and the published verifier refuses an empty plan',
      ({ start, goal }) => (stacks(start) === stacks(goal) ? stacks(start) : null),
    ),
    probe<Blocks>('two-moves-or-fewer', 'at most two moves are needed', ({ start, goal }) =>
      within(2, start, stacks(goal)) ? `${stacks(start)} to ${stacks(goal)}` : null,
    ),
  ],
  boxlift: [
    probe<{ boxes: readonly number[]; lifters: readonly number[]; stepLimit: number }>(
      'limit-above-optimum',
      'a plan with fewer steps than the limit exists, though the fewest are asked for',
      ({ boxes, lifters, stepLimit }) => {
        const found = shortPlan(boxes, lifters)
        return found && found.length < stepLimit ? `${found.length} steps suffice, ${stepLimit} are allowed` : null
      },
    ),
  ],
  cryptanalysis: [
    probe<{ guesses: readonly unknown[] }>(
      'guess-to-spare',
      'the code stays the only one without one of the guesses',
      (puzzle, _sample, task) => {
        const { guesses } = puzzle
        const spare = guesses.findIndex(guess => {
          const without = { ...puzzle, guesses: guesses.filter(other => other !== guess) }
          return task.countSolutions?.(without, 2) === 1
        })
        return spare < 0 ? null : `guess ${spare + 1} is not needed`
      },
    ),
  ],
  'date-understanding': [
    probe(
      'counting-rule-open',
      'one a day is eaten, and the wording does not say from which day on',
      (_puzzle, sample) => (/\bone per day\b/i.test(sample.question ?? '') ? 'one per day' : null),
    ),
  ],
  'eight-queens': [
    probe<{ board: readonly string[] }>(
      'not-eight',
      'the board has not eight rows, and the published verifier demands eight queens',
      ({ board }) => (board.length === 8 ? null : `${board.length} rows`),
    ),
  ],
  'gsm-hard': [
    probe<{ problem: string; target: number }>(
      'number-inside-number',
      'an enlarged number was also put inside another number of the text',
      ({ problem }) => {
        const numbers = [...new Set(problem.match(/\d(?:[\d,.]*\d)?/g) ?? [])]
        for (const inner of numbers.filter(n => /^\d{5,}$/.test(n))) {
          const outer = numbers.find(n => n !== inner && n.includes(inner))
          if (outer) return `${inner} inside ${outer}`
        }
        return null
      },
    ),
    probe<{ target: number }>('negative', 'the result is negative', ({ target }) =>
      target < 0 ? String(target) : null,
    ),
    probe<{ target: number }>('fraction', 'the result is not whole', ({ target }) =>
      Number.isInteger(target) ? null : String(target),
    ),
  ],
  'light-puzzles': [
    probe('even-presses', 'every button is pressed an even number of times', (_puzzle, sample) => {
      const { operations } = stored(sample)
      if (!Array.isArray(operations)) return undefined
      const odd = new Set<unknown>()
      for (const button of operations) odd.has(button) ? odd.delete(button) : odd.add(button)
      return odd.size === 0 ? operations.join('') : null
    }),
  ],
  'logical-equation': [
    probe<{ numbers: readonly number[]; statements: readonly Statement[] }>(
      'letter-unmentioned',
      'a letter occurs in no statement',
      ({ numbers, statements }) => {
        const said = new Set(statements.flatMap(({ left, right }) => [left, right]))
        const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].slice(0, numbers.length).filter(letter => !said.has(letter))
        return free.length > 0 ? free.join(', ') : null
      },
    ),
    probe<object>(
      'several-permutations',
      'several assignments fit even if every number is used once',
      (puzzle, _sample, task) => {
        const count = task.countSolutions?.({ ...puzzle, repeats: false }, 2)
        return typeof count !== 'number' ? undefined : count > 1 ? 'at least two permutations fit' : null
      },
    ),
  ],
  'mahjong-pattern': [
    probe<{ hand: string; rounds: readonly { add: string; remove: string | null }[] }>(
      'no-letter',
      'a card is no letter',
      ({ hand, rounds }) => {
        const cards = hand + rounds.map(({ add, remove }) => add + (remove ?? '')).join('')
        const odd = /[^A-Z]/.exec(cards)?.[0]
        return odd === undefined ? null : `a card "${odd}"`
      },
    ),
  ],
  'new-operator': [
    probe(
      'nearest-double-refused',
      'the stored value is not the double nearest to the exact value, and the published verifier compares doubles',
      (puzzle, sample, task) => {
        const key = stored(sample).solution
        const [top, bottom = '1'] = task.solve(puzzle).split('/')
        const nearest = Number(top) / Number(bottom)
        if (typeof key !== 'number' || Math.abs(key - nearest) > 1e-9 * Math.max(1, Math.abs(key))) return null
        return key === nearest ? null : `${key} is stored, ${nearest} is nearest to ${top}/${bottom}`
      },
    ),
  ],
  'number-multiply': [
    probe(
      'positive-product',
      'the product is positive: the published verifier accepts its negative too',
      (_puzzle, sample) => {
        const product = String(stored(sample).target_answer)
        return product.startsWith('-') ? null : product
      },
    ),
  ],
  'pattern-recognition': [
    probe(
      'several-squares',
      'taken literally (all squares with a side of at least 3) there are several answers',
      (_puzzle, sample) => {
        const rows = sample.question?.match(/^[A-Z](?: [A-Z])+$/gm)?.map(row => row.split(' '))
        if (!rows) return undefined
        const corners: string[] = []
        for (let r = 2; r < rows.length; r++) {
          for (let c = 2; c < rows[r]!.length; c++) {
            const block = [r - 2, r - 1, r].flatMap(i => rows[i]!.slice(c - 2, c + 1))
            if (block.every(letter => letter === rows[r]![c])) corners.push(`(${r}, ${c})`)
          }
        }
        return corners.length > 1 ? corners.join(' ') : null
      },
    ),
  ],
  'permutations-and-combinations': [
    probe<Shelf>('repeated-rule', 'the same constraint stands there twice', ({ rules }) => {
      const texts = rules.map(rule => JSON.stringify(rule))
      const again = texts.find((text, i) => texts.indexOf(text) < i)
      return again ?? null
    }),
    probe<Shelf>('loose-book', 'a book occurs in no constraint, or in "not" constraints only', puzzle => {
      const loose = looseBooks(puzzle)
      return loose.length > 0 ? loose.join(', ') : null
    }),
    probe<Shelf>('book-left-out', 'a list that leaves out a loose book can keep all other constraints', puzzle => {
      const found = looseBooks(puzzle).find(book => {
        const books = puzzle.books.filter(other => other !== book)
        const rules = puzzle.rules.filter(rule => rule.book !== book)
        return (arrangementsWithin(books, rules, 1, 100_000)?.length ?? 0) > 0
      })
      return found ? `without ${found}` : null
    }),
  ],
  pooling: [
    probe(
      'fraction',
      'the right answer holds a fraction, which the published verifier cannot read',
      (_puzzle, sample) => {
        const rows = stored(sample).solution
        if (!Array.isArray(rows)) return undefined
        const fraction = rows.flat().find(value => !Number.isInteger(value))
        return fraction === undefined ? null : String(fraction)
      },
    ),
  ],
  'string-splitting': [
    probe(
      'two-digit-count',
      'a count has two digits, so that the glued form has no clear boundaries',
      (_puzzle, sample) => {
        const counts = stored(sample).expected_answer
        if (!Array.isArray(counts)) return undefined
        return counts.some(count => String(count).length > 1) ? counts.join(' ') : null
      },
    ),
  ],
}
