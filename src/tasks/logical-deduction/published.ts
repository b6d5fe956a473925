import { ordinalWord } from '../_shared/phrases.ts'
import type { Clue } from './clues.ts'
import type { Row } from './generator.ts'

const settings: readonly (readonly [intro: RegExp, theme: number])[] = [
  [/In a golf tournament, there were \w+ golfers: ([^.]+)\. /, 0],
  [/On a branch, there are \w+ birds: ([^.]+)\. /, 1],
  [/In an antique car show, there are \w+ vehicles: ([^.]+)\. /, 2],
  [/On a shelf, there are \w+ books: ([^.]+)\. /, 3],
  [/A fruit stand sells \w+ fruits: ([^.]+)\. /, 4],
]

const places = new Map<string, number>([
  ...['first', 'leftmost', 'newest', 'most expensive'].map(word => [word, 1] as const),
  ...['last', 'rightmost', 'oldest', 'cheapest'].map(word => [word, -1] as const),
  ...Array.from({ length: 11 }, (_, i) => i + 2).flatMap(k => {
    const ord = ordinalWord(k)
    const front = [ord, `${ord} from the left`, `${ord}-newest`, `${ord}-most expensive`]
    const back = [`${ord}-to-last`, `${ord} from the right`, `${ord}-oldest`, `${ord}-cheapest`]
    return [...front.map(word => [word, k] as const), ...back.map(word => [word, -k] as const)]
  }),
])

const earlier = ['finished above', 'is to the left of', 'is newer than', 'are more expensive than']
const later = ['finished below', 'is to the right of', 'is older than', 'are less expensive than']

/** A comparison or a place, in the words of the published questions. */
function statementOf(items: readonly string[], text: string): Clue | null {
  const plain = text.replace(/^The /, '')
  const a = items.findIndex(item => plain.startsWith(`${item} `))
  if (a < 0) return null
  const predicate = plain.slice(items[a]!.length + 1)
  const place = places.get(predicate.replace(/^finished |^(?:is|are) the /, ''))
  if (place !== undefined) return { kind: 'place', of: [a], at: [place], said: 0 }
  for (const [words, turned] of [
    [earlier, false],
    [later, true],
  ] as const) {
    const verb = words.find(word => predicate.startsWith(`${word} `))
    if (verb === undefined) continue
    const b = items.indexOf(predicate.slice(verb.length + 1).replace(/^the /, ''))
    if (b >= 0) return { kind: 'before', of: turned ? [b, a] : [a, b], at: [], said: 0 }
  }
  return null
}

/** The row of a published question with the texts of its options; null when a sentence is unknown. */
export function publishedRow(question: string, options: readonly string[]): (Row & { optionTexts: string[] }) | null {
  const setting = settings.find(([intro]) => intro.test(question))
  if (!setting) return null
  const found = setting[0].exec(question)!
  const items = found[1]!.split(/, and |, /).map(item => item.replace(/^an? /, ''))
  const body = question.slice(found.index + found[0].length).split('\nOptions:')[0]!
  const clues = body
    .trim()
    .split(/(?<=\.)\s+/)
    .map(text => statementOf(items, text.slice(0, -1)))
  const claims = options.map(text => statementOf(items, text))
  if (!clues.every(clue => clue !== null) || !claims.every(clue => clue?.kind === 'place')) return null
  return {
    theme: setting[1],
    // Our subjects add the noun themselves.
    items: items.map(item => item.replace(/ book$/, '')),
    clues,
    options: claims.map(claim => [claim!.of[0]!, claim!.at[0]!] as const),
    optionTexts: [...options],
  }
}
