import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { optionLetter, optionLines, optionMisses, publishedOptions, readOption } from '../_shared/options.ts'
import { capital, sentencesOf } from '../_shared/phrases.ts'
import { type Clue, type ClueKind, orders, positionOf } from './clues.ts'
import { type Row, type Rung, randomRow } from './generator.ts'
import { publishedRow } from './published.ts'
import { themes } from './themes.ts'
import { clueOf, openingOf, openingText, optionOf, placeWords, sentence, subject } from './words.ts'

/** One order fits the clues; which option is true of it? `optionTexts` are the words of an imported question. */
interface LogicalDeduction extends Row {
  readonly optionTexts?: readonly string[]
}

const some: readonly ClueKind[] = [
  ...(['before', 'before', 'before', 'place', 'adjacent', 'direct', 'not-place', 'either', 'end', 'not-end'] as const),
]
const all: readonly ClueKind[] = [
  ...(['before', 'before', 'before', 'place', 'adjacent', 'direct', 'either', 'apart', 'apart'] as const),
  ...(['between', 'between', 'not-adjacent', 'not-place'] as const),
]

const ladder: readonly (Rung & { readonly instances?: number })[] = [
  { objects: 5, kinds: some, mixed: 0.5, instances: 30_000 },
  { objects: 7, kinds: some, mixed: 0.3, instances: 1_000_000 },
  { objects: 8, kinds: all, mixed: 0.4 },
  { objects: 9, kinds: all, mixed: 0.4 },
  { objects: 11, kinds: all, mixed: 0.4 },
  { objects: 13, kinds: all, mixed: 0.4 },
  { objects: 15, kinds: all, mixed: 0.4 },
  { objects: 18, kinds: all, mixed: 0.4 },
]

const optionTexts = ({ theme, items, options, optionTexts }: LogicalDeduction): readonly string[] =>
  optionTexts ??
  options.map(([object, place]) =>
    capital(`${subject(themes[theme]!, items[object]!)} ${placeWords(themes[theme]!, place)}`),
  )

/** The 0-based option that is true of the one order; throws for a puzzle that fits several or none. */
function rightOption({ items, clues, options }: LogicalDeduction): number {
  const found = orders(clues, items.length, 2, 1_000_000)
  const order = found?.length === 1 ? found[0]! : null
  const right = order ? options.findIndex(([object, place]) => order[object] === positionOf(place, items.length)) : -1
  if (right < 0) throw new Error('logical-deduction: the clues do not fit exactly one order')
  return right
}

function ask(puzzle: LogicalDeduction): string {
  const theme = themes[puzzle.theme]!
  return [
    `${openingText(theme, puzzle.items)} No two share a place. The ${theme.row} runs ${theme.runs}.`,
    `Statements, all true: ${puzzle.clues.map(clue => sentence(theme, puzzle.items, clue)).join(' ')}`,
    'The statements allow exactly one order. In it, exactly one of these options is true. Which one?',
    optionLines(optionTexts(puzzle)),
    answerFormat('Answer with the letter of the option in parentheses.', '(Z)'),
  ].join('\n')
}

const question = 'The statements allow exactly one order.'

function parse(prompt: string): LogicalDeduction | null {
  const at = prompt.indexOf(`\n${question}`)
  const statements = prompt.lastIndexOf('\nStatements, all true: ', at)
  if (at < 0 || statements < 0) return null
  const opening = openingOf(prompt.slice(prompt.lastIndexOf('\n', statements - 1) + 1, statements))
  if (!opening) return null
  const theme = themes[opening.theme]!
  const sentences = sentencesOf(prompt.slice(statements + 23, at))
  if (sentences.length > 200) return null
  const clues = sentences.map(text => clueOf(theme, opening.items, text))
  const options = [...prompt.slice(at).matchAll(/^\([A-Y]\) ([^\n]{1,200})$/gm)].map(([, text]) =>
    optionOf(theme, opening.items, text!),
  )
  if (!clues.every(clue => clue !== null) || !options.every(option => option !== null)) return null
  return { ...opening, clues, options }
}

/** The same question whatever the setting and the names: objects renamed by their place in the one order. */
function identity({ items, clues, options }: LogicalDeduction): unknown {
  const n = items.length
  const order = orders(clues, n, 1, 1_000_000)?.[0] ?? items.map((_, i) => i)
  const renamed = ({ kind, of, at }: Clue) => {
    const objects = of.map(i => order[i]!)
    const sorted = kind === 'before' || kind === 'direct' ? objects : objects.sort((a, b) => a - b)
    return [kind, ...sorted, ...(kind === 'apart' ? at : at.map(place => positionOf(place, n)).sort((a, b) => a - b))]
  }
  const sort = (rows: unknown[][]) => rows.map(row => row.join(' ')).sort()
  return [n, sort(clues.map(renamed)), sort(options.map(([object, place]) => [order[object]!, positionOf(place, n)]))]
}

export default defineTask<LogicalDeduction>({
  slug: 'logical-deduction',
  title: 'Logical Deduction',
  split: 'seen',
  version: 1,
  about: 'Put objects in the one order that fits the statements and pick the option that is true of it.',
  levels: ladder.map(({ objects, kinds, instances }) => ({
    knob: `${objects} objects, ${new Set(kinds).size} kinds of statements`,
    ...(instances ? { instances } : {}),
  })),
  generate: (rng, level) => randomRow(rng, ladder[level - 1]!),
  ask,
  read: readBack(ask, parse),
  verify(puzzle, answer) {
    const texts = optionTexts(puzzle)
    const given = readOption(answer, texts)
    if (!('index' in given)) return malformed(given.why)
    if (given.index === rightOption(puzzle)) return correct
    return incorrect(`(${optionLetter(given.index)}) is not true: ${texts[given.index]}`)
  },
  solve: puzzle => `(${optionLetter(rightOption(puzzle))})`,
  pythonData: ({ items, clues, options }) => ({
    OBJECTS: items,
    CLUES: clues.map(({ kind, of, at }) => [kind, of.map(i => items[i]!), at]),
    OPTIONS: options.map(([object, place]) => [items[object]!, place]),
  }),
  nearMisses(puzzle) {
    const texts = optionTexts(puzzle)
    return onlyWrong(text => this.verify(puzzle, text), optionMisses(texts, rightOption(puzzle)))
  },
  identity,
  effort: ({ items, clues }) =>
    items.length ** 2 + clues.reduce((sum, { kind }) => sum + (kind === 'before' || kind === 'place' ? 1 : 3), 0),
  show: ({ items, clues, options }) =>
    [
      `places 1 to ${items.length} (negative: from the end)`,
      ...clues.map(({ kind, of, at }) => [kind, ...of.map(i => items[i]!), ...at].join(' ')),
      ...options.map(([object, place], i) => `(${optionLetter(i)}) ${items[object]} at ${place}`),
    ].join('\n'),
  fromPublished(sample) {
    const options = typeof sample.question === 'string' ? publishedOptions(sample.question) : null
    const row = options && publishedRow(sample.question!, options)
    // Without exactly one order there is no right option.
    return row && orders(row.clues, row.items.length, 2)?.length === 1 ? row : null
  },
  publishedKey: sample => (typeof sample.solution === 'string' ? sample.solution : null),
})
