import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { listItems, undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { drawStatements, letters, type Recipe } from './generator.ts'
import { assignments, isTrue, type Statement } from './solver.ts'

/** Give each letter a listed number so that all statements are true. */
interface LogicalEquation {
  /** Ascending; as many as there are letters. */
  readonly numbers: readonly number[]
  readonly statements: readonly Statement[]
  /** Whether two letters may share a number: the published questions do not forbid it, ours do. */
  readonly repeats: boolean
}

const ladder: readonly Recipe[] = [
  { count: 7, max: 60, comparisons: 15 },
  { count: 9, max: 120, comparisons: 15 },
  { count: 11, max: 120, comparisons: 20 },
  { count: 13, max: 100, comparisons: 25 },
  { count: 15, max: 100, comparisons: 30 },
  { count: 20, max: 120, comparisons: 30 },
  { count: 26, max: 150, comparisons: 30 },
  { count: 26, max: 90, comparisons: 60 },
]

const maxLength = 5_000

function sentence(statement: Statement): string {
  const { left, right } = statement
  switch (statement.kind) {
    case 'greater':
      return `${left} > ${right}`
    case 'less':
      return `${left} < ${right}`
    case 'equal':
      return `${left} = ${right}`
    case 'multiple':
      return `${left} = ${(statement.amount / 10).toFixed(1)} * ${right}`
    case 'difference':
      return `${left} - ${right} = ${statement.amount}`
    case 'sum':
      return `${left} + ${right} = ${statement.amount}`
  }
}

/** Reads a statement in our form (`A = 1.5 * B`) or the published one (`A = 1.5B`); null when it is none. */
function readStatement(text: string, count: number): Statement | null {
  const found =
    /^([A-Z]) (?:([<>=]) ([A-Z])|= (\d{1,3})(?:\.(\d))?(?: \* )?([A-Z])|([-+]) ([A-Z]) = (-?\d{1,9}))$/.exec(text)
  if (!found) return null
  const [, left, comparison, other, whole, tenth, multiplied, operator, second, amount] = found
  const right = other ?? multiplied ?? second
  const known = (letter: string | undefined) => letter !== undefined && letters.indexOf(letter) < count
  if (!known(left) || !known(right) || left === right) return null
  const pair = { left: left!, right: right! }
  if (comparison) return { kind: ({ '>': 'greater', '<': 'less', '=': 'equal' } as const)[comparison as '>'], ...pair }
  if (whole) return { kind: 'multiple', ...pair, amount: Number(whole) * 10 + Number(tenth ?? 0) }
  return { kind: operator === '-' ? 'difference' : 'sum', ...pair, amount: Number(amount) }
}

function ask({ numbers, statements, repeats }: LogicalEquation): string {
  const names = [...letters.slice(0, numbers.length)].join(', ')
  return [
    `The letters ${names} stand for the numbers ${numbers.join(', ')}.`,
    repeats
      ? 'Every letter has one of these numbers; several letters may have the same one.'
      : 'Every letter has exactly one of these numbers and every number belongs to exactly one letter.',
    'All of these statements are true:',
    ...statements.map((statement, i) => `${i + 1}. ${sentence(statement)}`),
    'Which number does each letter stand for? A letter that no statement mentions has a number too.',
    answerFormat(
      `List the ${numbers.length} numbers in the alphabetical order of their letters, beginning with the number of A.`,
      '[1002, 1001, 1003]',
    ),
  ].join('\n')
}

const solutionOf = ({ numbers, statements, repeats }: LogicalEquation): number[] | null => {
  const options = { limit: 1, steps: 200_000 }
  const once = assignments(numbers, statements, { ...options, repeats: false })?.[0]
  return once ?? (repeats ? assignments(numbers, statements, { ...options, repeats })?.[0] : undefined) ?? null
}

const asList = (values: readonly number[]) => `[${values.join(', ')}]`

/** The values of an answer in letter order as texts: a plain list, or one that names its letters (`A = 3, B = 5`). */
function valuesIn(items: readonly string[]): string[] {
  const named = items.map(item => /^["']?([A-Z])["']?\s*[:=]\s*(.+)$/.exec(item))
  if (!named.every(found => found !== null)) return [...items]
  const byLetter = new Map(named.map(found => [found[1]!, found[2]!]))
  return byLetter.size === items.length
    ? [...letters.slice(0, items.length)].map(x => byLetter.get(x) ?? '')
    : [...items]
}

export default defineTask<LogicalEquation>({
  slug: 'logical-equation',
  title: 'Logical Equation',
  split: 'seen',
  version: 1,
  about: 'Assign listed numbers to letters so that equations and inequalities between letters hold.',
  levels: ladder.map(({ count, max, comparisons }) => ({
    knob: `${count} letters, numbers to ${max}, ${comparisons} % comparisons`,
  })),
  generate: (rng, level) => ({ ...drawStatements(rng, ladder[level - 1]!), repeats: false }),
  ask,
  read: readBack(ask, prompt => {
    const head =
      /stand for the numbers ((?:\d{1,9}, ){1,25}\d{1,9})\.\nEvery letter has (one|exactly)[^\n]*\nAll of these statements are true:\n((?:\d+\. [^\n]{1,40}\n)+)/.exec(
        prompt,
      )
    if (!head) return null
    const numbers = head[1]!.split(', ').map(Number)
    const lines = head[3]!.trimEnd().split('\n')
    const statements = lines.map(line => readStatement(line.replace(/^\d+\. /, ''), numbers.length))
    if (statements.includes(null)) return null
    return { numbers, statements: statements as Statement[], repeats: head[2] === 'one' }
  }),
  verify({ numbers, statements, repeats }, answer) {
    const text = undressed(answer, maxLength)
    if (text === null) return malformed(`longer than ${maxLength} characters`)
    const items = listItems(text)
    if (items === null) return malformed(`a bracket in ${quote(text)} has no partner`)
    const texts = valuesIn(items)
    const bad = texts.find(item => !/^[+-]?[0-9]{1,12}(?:\.[0-9]{0,12})?$/.test(item))
    if (bad !== undefined) return malformed(`${quote(bad)} is not a number`)
    if (texts.length !== numbers.length) return incorrect(`${texts.length} numbers for ${numbers.length} letters`)
    const off = texts.findIndex(item => !/^\+?[0-9]+(?:\.0*)?$/.test(item) || !numbers.includes(Number(item)))
    if (off >= 0) return incorrect(`${letters[off]} is ${quote(texts[off]!)}, which is not one of the listed numbers`)
    const values = texts.map(Number)
    const again = repeats ? -1 : values.findIndex((value, i) => values.indexOf(value) !== i)
    if (again >= 0) return incorrect(`${values[again]} is given to two letters`)
    const broken = statements.findIndex(
      statement =>
        !isTrue(statement, values[letters.indexOf(statement.left)]!, values[letters.indexOf(statement.right)]!),
    )
    return broken < 0 ? correct : incorrect(`statement ${broken + 1} is false: ${sentence(statements[broken]!)}`)
  },
  solve(puzzle) {
    const values = solutionOf(puzzle)
    if (values === null) throw new Error('logical-equation: no assignment makes all statements true')
    return asList(values)
  },
  pythonData: ({ numbers, statements }) => ({
    NUMBERS: numbers,
    STATEMENTS: statements.map(statement => sentence(statement)),
  }),
  nearMisses(puzzle, rng) {
    const { numbers, statements, repeats } = puzzle
    const values = solutionOf(puzzle) ?? [...numbers]
    // Assignments that make all statements true but one.
    const almost = rng.shuffle(statements).flatMap(dropped => {
      const rest = statements.filter(statement => statement !== dropped)
      return assignments(numbers, rest, { repeats, limit: 3, steps: 2_000 })?.map(asList) ?? []
    })
    const swapped = Array.from({ length: 8 }, () => {
      const [i, j] = rng.sample([...values.keys()], 2) as [number, number]
      const copy = [...values]
      ;[copy[i], copy[j]] = [copy[j]!, copy[i]!]
      return asList(copy)
    })
    const repeated = Array.from({ length: 3 }, () => asList(values.map(v => (rng.chance(0.2) ? rng.pick(values) : v))))
    return onlyWrong(
      text => this.verify(puzzle, text),
      [
        ...almost.slice(0, 8),
        ...swapped,
        ...repeated,
        asList(numbers),
        asList([...values].reverse()),
        asList(values.slice(0, -1)),
        asList([...values, 1]),
        asList(values.map((value, i) => (i === 0 ? value + 0.5 : value))),
        asList(rng.shuffle(values)),
      ],
    )
  },
  identity(puzzle) {
    const values = solutionOf(puzzle)
    // Where the assignment is unique, a letter is its number; renamed letters make no new puzzle.
    if (puzzle.repeats || values === null) return puzzle
    const described = puzzle.statements.map(({ kind, left, right, ...rest }) => {
      const [x, y] = [values[letters.indexOf(left)]!, values[letters.indexOf(right)]!]
      return [kind === 'less' ? 'greater' : kind, ...(kind === 'multiple' ? [x, y] : [x, y].sort()), Object.keys(rest)]
    })
    return [puzzle.numbers, described.map(item => JSON.stringify(item)).sort()]
  },
  effort: ({ numbers, statements }) =>
    numbers.length + statements.filter(({ kind }) => kind === 'greater' || kind === 'less').length / 20,
  fromPublished(sample) {
    const question = sample.question ?? ''
    const count = Number(/There are (\d{1,2}) letters/.exec(question)?.[1])
    const numbers = /one of the numbers ([\d, ]+)/
      .exec(question)?.[1]
      ?.split(',')
      .filter(x => x.trim() !== '')
      .map(Number)
    if (numbers?.length !== count || count > 26) return null
    const statements = [...question.matchAll(/^\d+\. (.+)$/gm)].map(found => readStatement(found[1]!.trim(), count))
    if (statements.length === 0 || statements.includes(null)) return null
    return { numbers, statements: statements as Statement[], repeats: true }
  },
  countSolutions: ({ numbers, statements, repeats }, limit) =>
    assignments(numbers, statements, { limit, steps: 200_000, repeats })?.length ?? null,
  publishedKey: sample => (Array.isArray(sample.solution) ? asList(sample.solution) : null),
})
