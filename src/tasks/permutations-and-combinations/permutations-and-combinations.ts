import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { listItems, undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { arrangements, arrangementsWithin, keeps, placesOf, type Rule } from './solver.ts'

/** Put books on a shelf so that every rule holds. */
interface Shelf {
  readonly books: readonly string[]
  readonly rules: readonly Rule[]
}

/** Number of books, and how many arrangements may be right. */
/** `instances` where free draws repeat, estimated from how often they did in a thousand. */
const ladder: readonly { readonly count: number; readonly most: number; readonly instances?: number }[] = [
  { count: 6, most: 8, instances: 17_000 },
  { count: 7, most: 6, instances: 125_000 },
  { count: 8, most: 6 },
  { count: 9, most: 6 },
  { count: 12, most: 4 },
  { count: 16, most: 4 },
  { count: 20, most: 3 },
  { count: 26, most: 2 },
]

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const maxLength = 5_000

const phrases: Readonly<Record<Rule['kind'], (book: string, value: string) => string>> = {
  fixed: (book, place) => `Book ${book} stands at position ${place}.`,
  not: (book, place) => `Book ${book} does not stand at position ${place}.`,
  left: (book, other) => `Book ${book} stands further left than book ${other}.`,
  right: (book, other) => `Book ${book} stands further right than book ${other}.`,
  adjacent: (book, other) => `Book ${book} stands directly beside book ${other}.`,
}
const objectOf = (rule: Rule) => ('place' in rule ? String(rule.place) : rule.other)
const sentence = (rule: Rule) => phrases[rule.kind](rule.book, objectOf(rule))

function ask({ books, rules }: Shelf): string {
  return [
    `A shelf has ${books.length} positions in a row, numbered 1 to ${books.length} from left to right. Put these books on it, one at each position: ${books.join(', ')}.`,
    'All of these statements must hold:',
    ...rules.map((rule, i) => `${i + 1}. ${sentence(rule)}`),
    '"Further left" and "further right" allow other books in between; "directly beside" means on neighbouring positions, on either side. If several orders satisfy all statements, any one of them is right.',
    answerFormat('List all the books from position 1 on, as a list of quoted letters.', '["Y", "X", "Z"]'),
  ].join('\n')
}

const forms: readonly (readonly [Rule['kind'], RegExp])[] = (Object.keys(phrases) as Rule['kind'][]).map(kind => [
  kind,
  new RegExp(`^${phrases[kind]('([A-Z])', '([A-Z]|\\d{1,2})').replace('.', '\\.')}$`),
])
const publishedForms: readonly (readonly [Rule['kind'], RegExp])[] = [
  ['fixed', /^Book (\w) must be placed in position (\d{1,2})\.$/],
  ['not', /^Book (\w) cannot be placed in position (\d{1,2})\.$/],
  ['left', /^Book (\w) must be to the left of book (\w)\.$/],
  ['right', /^Book (\w) must be to the right of book (\w)\.$/],
  ['adjacent', /^Book (\w) must be adjacent to book (\w)\.$/],
]

/** The rule in a sentence, or null where it is none or speaks of books and places that are not there. */
function readRule(text: string, books: readonly string[], among: typeof forms): Rule | null {
  for (const [kind, form] of among) {
    const [, book, value] = form.exec(text) ?? []
    if (book === undefined || value === undefined || !books.includes(book)) continue
    if (kind === 'fixed' || kind === 'not') {
      const place = Number(value)
      return place >= 1 && place <= books.length ? { kind, book, place } : null
    }
    return books.includes(value) && value !== book ? { kind, book, other: value } : null
  }
  return null
}

/** A statement that is true of the hidden order and, where `against` is given, false of that one. */
function trueRule(rng: Rng, hidden: readonly string[], against?: readonly string[]): Rule {
  const [places, others] = [placesOf(hidden), against ? placesOf(against) : null]
  for (;;) {
    const [book, other] = rng.sample(hidden, 2) as [string, string]
    const at = places.get(book)!
    const roll = rng.int(1, 20)
    let rule: Rule
    if (roll <= 2) rule = { kind: 'fixed', book, place: at }
    else if (roll <= 7) rule = { kind: 'not', book, place: others?.get(book) ?? rng.int(1, hidden.length) }
    else if (roll <= 11) rule = { kind: 'left', book, other }
    else if (roll <= 15) rule = { kind: 'right', book, other }
    else
      rule = { kind: 'adjacent', book, other: hidden[rng.chance(0.5) ? at : at - 2] ?? hidden[at - 2] ?? hidden[at]! }
    if (keeps(places, rule) && !(others && keeps(others, rule))) return rule
  }
}

/** Search steps that a drawn shelf may take to be enumerated; keeps every question quick to solve and to check. */
const maxSteps = 600

/** Statements true of the hidden order that leave at most so many orders; null when the search for them takes too long. */
function rulesFor(rng: Rng, books: readonly string[], hidden: readonly string[], most: number): Rule[] | null {
  const rules: Rule[] = []
  const said = new Set<string>()
  const say = (rule: Rule) => {
    const what = meaning(rule, book => book)
    // Few fixed places: they take the puzzle out of it.
    const fixed = rules.filter(known => known.kind === 'fixed').length
    if (said.has(what) || (rule.kind === 'fixed' && fixed >= books.length / 7)) return
    said.add(what)
    rules.push(rule)
  }
  while (rules.length < books.length * 0.8) say(trueRule(rng, hidden))
  for (;;) {
    const right = arrangementsWithin(books, rules, most + 1, maxSteps)
    if (right === null) return null
    if (right.length <= most) return rules.filter(rule => !implied(rule, rules))
    // Every further statement excludes at least one order that was right so far.
    const wrong = rng.shuffle(right.filter(order => order.join() !== hidden.join()))
    for (const order of wrong.slice(0, books.length > 12 ? 2 : 1)) say(trueRule(rng, hidden, order))
  }
}

/** Whether a "not" follows at once from a fixed place. */
function implied(rule: Rule, rules: readonly Rule[]): boolean {
  if (rule.kind !== 'not') return false
  return rules.some(known => known.kind === 'fixed' && (known.book === rule.book || known.place === rule.place))
}

/** What a rule says, the same for both ways to say it, with the books renamed. */
function meaning(rule: Rule, name: (book: string) => string | number): string {
  if ('place' in rule) return `${rule.kind} ${name(rule.book)} ${rule.place}`
  const [a, b] = [name(rule.book), name(rule.other)]
  if (rule.kind === 'left') return `${a} before ${b}`
  if (rule.kind === 'right') return `${b} before ${a}`
  return [a, b].sort().join(' beside ')
}

const asList = (order: readonly string[]) => `[${order.map(book => `"${book}"`).join(', ')}]`

export default defineTask<Shelf>({
  slug: 'permutations-and-combinations',
  title: 'Permutations and Combinations',
  split: 'unseen',
  version: 1,
  about: 'Arrange books on a shelf so that all position, order and neighbour constraints hold.',
  levels: ladder.map(({ count, most, instances }) => ({
    knob: `${count} books, at most ${most} right orders`,
    ...(instances ? { instances } : {}),
  })),
  generate(rng, level) {
    const { count, most } = ladder[level - 1]!
    const books = [...alphabet.slice(0, count)]
    for (;;) {
      const hidden = rng.shuffle(books)
      const rules = hidden.join() === books.join() ? null : rulesFor(rng, books, hidden, most)
      // The order of the list itself must not be an answer.
      if (rules && !rules.every(rule => keeps(placesOf(books), rule))) return { books, rules: rng.shuffle(rules) }
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const head =
      /one at each position: ((?:[A-Z], ){1,25}[A-Z])\.\nAll of these statements must hold:\n((?:\d+\. [^\n]{1,80}\n)+)/.exec(
        prompt,
      )
    if (!head) return null
    const books = head[1]!.split(', ')
    const rules = head[2]!
      .trimEnd()
      .split('\n')
      .map(line => readRule(line.replace(/^\d+\. /, ''), books, forms))
    return rules.includes(null) ? null : { books, rules: rules as Rule[] }
  }),
  verify({ books, rules }, answer) {
    const text = undressed(answer, maxLength)
    if (text === null) return malformed(`longer than ${maxLength} characters`)
    const items = listItems(text)
    if (items === null) return malformed(`a bracket in ${quote(text)} has no partner`)
    const only = items.length === 1 ? items[0]! : ''
    // One word with a letter per book says the same as the list.
    const order = (only.length === books.length ? [...only] : items).map(item => item.replace(/^book\s+(?=\S$)/i, ''))
    if (order.length === 0 || order.every(book => book === '')) return malformed('no books are listed')
    const strange = order.find(book => !books.includes(book))
    if (strange !== undefined) return malformed(`${quote(strange)} is none of the books`)
    const twice = order.find((book, i) => order.indexOf(book) !== i)
    if (twice !== undefined) return incorrect(`book ${twice} is listed twice`)
    const missing = books.find(book => !order.includes(book))
    if (missing !== undefined) return incorrect(`book ${missing} is missing`)
    const places = placesOf(order)
    const broken = rules.findIndex(rule => !keeps(places, rule))
    return broken < 0 ? correct : incorrect(`breaks statement ${broken + 1}: ${sentence(rules[broken]!)}`)
  },
  solve({ books, rules }) {
    const [order] = arrangements(books, rules, 1)
    if (order === undefined) throw new Error('permutations-and-combinations: the rules contradict each other')
    return asList(order)
  },
  pythonData: ({ books, rules }) => ({
    BOOKS: books,
    RULES: rules.map(rule => [rule.kind, rule.book, 'place' in rule ? rule.place : rule.other]),
  }),
  nearMisses(puzzle, rng) {
    const { books, rules } = puzzle
    const order = arrangements(books, rules, 1)[0] ?? [...books]
    // Orders that keep all statements but one come first.
    const almost = rng
      .shuffle(rules)
      .slice(0, 6)
      .flatMap(dropped =>
        arrangements(
          books,
          rules.filter(rule => rule !== dropped),
          6,
        )
          .slice(-2)
          .map(asList),
      )
    const swapped = order.slice(1).map((_, i) => {
      const copy = [...order]
      ;[copy[i], copy[i + 1]] = [copy[i + 1]!, copy[i]!]
      return asList(copy)
    })
    return onlyWrong(
      text => this.verify(puzzle, text),
      [
        ...almost,
        ...swapped,
        asList([...order].reverse()),
        asList(order.slice(1)),
        asList([...order, order[0]!]),
        asList([...order, 'Z'.repeat(2)]),
        asList(books),
        ...Array.from({ length: 4 }, () => asList(rng.shuffle(books))),
      ],
    )
  },
  identity({ books, rules }) {
    // Books are named by their place in a right order; of all right orders the one with the first description counts.
    const described = arrangements(books, rules, 40).map(order => {
      const places = placesOf(order)
      return [...new Set(rules.map(rule => meaning(rule, book => places.get(book)!)))].sort()
    })
    return described.reduce((a, b) => (a.join() < b.join() ? a : b), described[0] ?? rules.map(sentence))
  },
  effort: ({ books }) => books.length,
  fromPublished(sample) {
    const { items, constraints_text: text } = (sample.solution ?? {}) as {
      readonly items?: unknown
      readonly constraints_text?: unknown
    }
    if (!Array.isArray(items) || !items.every(item => typeof item === 'string') || typeof text !== 'string') return null
    const lines = text.split('\n').filter(line => line.trim() !== '')
    const rules = lines.map(line => readRule(line.replace(/^\d+\.\s*/, '').trim(), items, publishedForms))
    return rules.includes(null) ? null : { books: items, rules: rules as Rule[] }
  },
  countSolutions: ({ books, rules }, limit) => arrangementsWithin(books, rules, limit, 200_000)?.length ?? null,
  publishedKey(sample) {
    const key = (sample.solution as { readonly correct_solution?: unknown } | null)?.correct_solution
    return Array.isArray(key) ? JSON.stringify(key) : null
  },
})
