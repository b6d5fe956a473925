import type { Rng } from '../../util/rng.ts'
import { assignments, isTrue, type Statement } from './solver.ts'

export const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** How many letters, the largest number, and how many of a hundred statements are comparisons. */
export interface Recipe {
  readonly count: number
  readonly max: number
  readonly comparisons: number
}

/** Search steps within which a drawn puzzle must be proved unique. */
const maxSteps = 400

/** Draws numbers and statements that leave exactly one assignment of the numbers to the letters. */
export function drawStatements(
  rng: Rng,
  { count, max, comparisons }: Recipe,
): { readonly numbers: readonly number[]; readonly statements: readonly Statement[] } {
  for (;;) {
    const numbers = drawNumbers(rng, count, max)
    const hidden = rng.shuffle(numbers)
    // An assignment in order would be printed in the question.
    if (hidden.every((value, i) => value === numbers[i])) continue
    const statements = uniqueStatements(rng, numbers, hidden, comparisons)
    if (statements) return { numbers, statements: rng.shuffle(statements) }
  }
}

/** Different numbers, many of which are multiples of others. */
function drawNumbers(rng: Rng, count: number, max: number): number[] {
  const chosen = new Set<number>()
  while (chosen.size < count) {
    const base = rng.int(1, max)
    const related = chosen.size > 0 && rng.chance(0.5) ? (rng.pick([...chosen]) * rng.int(11, 49)) / 10 : base
    if (Number.isInteger(related) && related <= max) chosen.add(related)
  }
  return [...chosen].sort((a, b) => a - b)
}

function uniqueStatements(
  rng: Rng,
  numbers: readonly number[],
  hidden: readonly number[],
  comparisons: number,
): Statement[] | null {
  const statements: Statement[] = []
  const said = new Set<string>()
  const say = (statement: Statement) => {
    const what = [statement.left, statement.right].sort().join('')
    if (said.has(what)) return
    said.add(what)
    statements.push(statement)
  }
  while (statements.length < numbers.length - 3) say(trueStatement(rng, hidden, comparisons))
  for (let round = 0; round < 8 * numbers.length; round++) {
    const right = assignments(numbers, statements, { repeats: false, limit: 3, steps: maxSteps })
    if (right === null) return null
    const others = right.filter(values => values.some((value, i) => value !== hidden[i]))
    if (others.length === 0) return statements
    // Every further statement excludes an assignment that was still possible.
    say(trueStatement(rng, hidden, comparisons, rng.pick(others)))
  }
  return null
}

/** A statement that is true of the hidden values and, where `against` is given, false of those. */
function trueStatement(
  rng: Rng,
  hidden: readonly number[],
  comparisons: number,
  against?: readonly number[],
): Statement {
  const places = [...hidden.keys()]
  const differing = against ? places.filter(i => against[i] !== hidden[i]) : places
  for (;;) {
    const first = rng.pick(differing)
    const second = rng.pick(places)
    if (first === second) continue
    const [i, j] = rng.chance(0.5) ? [first, second] : [second, first]
    const [left, right, x, y] = [letters[i]!, letters[j]!, hidden[i]!, hidden[j]!]
    let statement: Statement
    if (rng.int(1, 100) <= comparisons) statement = { kind: x > y ? 'greater' : 'less', left, right }
    else {
      const tenths = (10 * x) / y
      if (Number.isInteger(tenths) && tenths >= 11 && tenths <= 49 && rng.chance(0.8)) {
        statement = { kind: 'multiple', left, right, amount: tenths }
      } else if (rng.chance(0.5)) statement = { kind: 'difference', left, right, amount: x - y }
      else statement = { kind: 'sum', left, right, amount: x + y }
    }
    if (!against || !isTrue(statement, against[i]!, against[j]!)) return statement
  }
}
