import { countWord, listing, ordinalWord, phrase, phraseReader } from '../_shared/phrases.ts'
import type { Clue, ClueKind } from './clues.ts'
import { type Theme, themes } from './themes.ts'

/** The subject of a sentence about an object. */
export function subject(theme: Theme, item: string): string {
  if (theme.noun === null) return item
  return theme.noun === '' ? `the ${item}` : `the ${item} ${theme.noun}`
}

/** The predicate of a place: `is the third from the left`. */
export function placeWords(theme: Theme, place: number): string {
  const [first, other] = place > 0 ? theme.front : theme.back
  return place === 1 || place === -1 ? first : other.replace('{ord}', ordinalWord(Math.abs(place)))
}

/** Paraphrases by kind; `{x}` is a comparison, `{p}` and `{q}` places, `{k}` a number in words, `{row}` the order's name. */
const templates: Record<Exclude<ClueKind, 'before' | 'direct'>, readonly string[]> = {
  place: ['{a} {p}.', 'it is known that {a} {p}.'],
  'not-place': ['it is not the case that {a} {p}.', 'it is wrong to say that {a} {p}.'],
  either: ['{a} either {p} or {q}.', 'one of these is true: {a} {p}, or {a2} {q}.'],
  adjacent: ['{a} and {b} are neighbours in the {row}.', 'no other comes between {a} and {b} in the {row}.'],
  'not-adjacent': [
    '{a} and {b} are not neighbours in the {row}.',
    'at least one other comes between {a} and {b} in the {row}.',
  ],
  apart: [
    'exactly {k} of the others lie between {a} and {b} in the {row}.',
    'the {row} has exactly {k} others between {a} and {b}.',
  ],
  between: ['in the {row}, {b} lies somewhere between {a} and {c}.', '{b} has its place between those of {a} and {c}.'],
  end: ['{a} is at one of the two ends of the {row}.', 'one end of the {row} belongs to {a}.'],
  'not-end': ['{a} is at neither end of the {row}.', 'neither end of the {row} belongs to {a}.'],
}
/** Four ways to compare: two words for each direction. */
const beforeTemplate = ['{a} {x} {b}.', '{b} {x} {a}.'] as const
const directTemplate = [
  '{a} {x} {b}, and no other is between them.',
  '{b} {x} {a}, and no other is between them.',
] as const

/** How many paraphrases a kind has. */
export const paraphrases = (kind: ClueKind): number =>
  kind === 'before' || kind === 'direct' ? 4 : templates[kind].length

export function sentence(theme: Theme, items: readonly string[], clue: Clue): string {
  const [a, b, c] = clue.of.map(i => subject(theme, items[i]!))
  const slots = { a: a!, b: b ?? '', c: c ?? '', a2: a!, row: theme.row }
  if (clue.kind === 'before' || clue.kind === 'direct') {
    const backward = clue.said >= 2 ? 1 : 0
    const x = (backward ? theme.after : theme.before)[clue.said % 2]!
    return phrase((clue.kind === 'before' ? beforeTemplate : directTemplate)[backward], { ...slots, x })
  }
  const template = templates[clue.kind][clue.said]!
  if (clue.kind === 'apart') return phrase(template, { ...slots, k: countWord(clue.at[0]!) })
  const [p, q] = clue.at.map(place => placeWords(theme, place))
  return phrase(template, { ...slots, p: p ?? '', q: q ?? '' })
}

interface Reader {
  readonly kind: ClueKind
  readonly said: number
  readonly read: ReturnType<typeof phraseReader>
}

interface ThemeReaders {
  readonly clues: readonly Reader[]
  readonly places: ReadonlyMap<string, number>
}

const made = new Map<Theme, ThemeReaders>()

/** The readers of a theme's sentences, made when first needed. */
function readersOf(theme: Theme): ThemeReaders {
  const known = made.get(theme)
  if (known) return known
  const one =
    theme.noun === null ? '[A-Z][a-z]{1,20}' : theme.noun === '' ? 'the [a-z]{1,20}' : `the [a-z]{1,20} ${theme.noun}`
  const holes = { a: one, b: one, c: one, a2: one, p: '[a-z -]{1,60}', q: '[a-z -]{1,60}', k: '[a-z-]{1,20}' }
  const reader = (kind: ClueKind, said: number, template: string): Reader => ({
    kind,
    said,
    read: phraseReader([template.replaceAll('{row}', theme.row)], holes),
  })
  const compared = (['direct', 'before'] as const).flatMap(kind =>
    [0, 1, 2, 3].map(said => {
      const backward = said >= 2 ? 1 : 0
      const x = (backward ? theme.after : theme.before)[said % 2]!
      return reader(kind, said, (kind === 'before' ? beforeTemplate : directTemplate)[backward].replace('{x}', x))
    }),
  )
  const others = (Object.keys(templates) as (keyof typeof templates)[]).flatMap(kind =>
    templates[kind].map((template, said) => reader(kind, said, template)),
  )
  const places = new Map(
    Array.from({ length: 25 }, (_, i) => [i + 1, -i - 1]).flatMap(pair =>
      pair.map(place => [placeWords(theme, place), place] as const),
    ),
  )
  const readers = { clues: [...compared, ...others], places }
  made.set(theme, readers)
  return readers
}

const numbers = new Map(Array.from({ length: 26 }, (_, i) => [countWord(i), i]))

/** The clue that a sentence states, or null. */
export function clueOf(theme: Theme, items: readonly string[], text: string): Clue | null {
  const { clues, places } = readersOf(theme)
  const index = new Map(items.map((item, i) => [subject(theme, item), i]))
  for (const { kind, said, read } of clues) {
    const slots = read(text)?.slots
    if (!slots) continue
    const of = [slots.a, slots.b, slots.c].filter(x => x !== undefined).map(x => index.get(x))
    const at =
      slots.k !== undefined
        ? [numbers.get(slots.k)]
        : [slots.p, slots.q].filter(x => x !== undefined).map(x => places.get(x))
    if ([...of, ...at].some(x => x === undefined)) continue
    return { kind, of: of as number[], at: at as number[], said }
  }
  return null
}

/** The object and place of an option's text, or null. */
export function optionOf(theme: Theme, items: readonly string[], text: string): [number, number] | null {
  const clue = clueOf(theme, items, `${text}.`)
  return clue?.kind === 'place' && clue.said === 0 ? [clue.of[0]!, clue.at[0]!] : null
}

export const openingText = (theme: Theme, items: readonly string[]): string =>
  theme.opening
    .replace('{n}', countWord(items.length))
    .replace('{list}', listing(items.map(item => subject(theme, item))))

/** The theme and objects of an opening sentence that stands at the head of a line. */
export function openingOf(line: string): { theme: number; items: string[] } | null {
  for (const [at, theme] of themes.entries()) {
    const [head, rest] = theme.opening.split('{n}') as [string, string]
    if (!line.startsWith(head)) continue
    const [middle] = rest.split('{list}') as [string]
    const start = line.indexOf(middle, head.length)
    const end = line.indexOf('.', start)
    if (start < 0 || end < 0) continue
    const items = line
      .slice(start + middle.length, end)
      .split(/, and | and |, /)
      .map(text => {
        if (theme.noun === null) return text
        const inner = text.startsWith('the ') ? text.slice(4) : ''
        return theme.noun !== '' && inner.endsWith(` ${theme.noun}`) ? inner.slice(0, -theme.noun.length - 1) : inner
      })
    const valid = items.length >= 2 && items.length <= 25 && items.every(item => /^[A-Za-z]+$/.test(item))
    if (valid && line.startsWith(openingText(theme, items))) return { theme: at, items }
  }
  return null
}
