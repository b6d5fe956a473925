import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { contentHash } from '../../util/hash.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { american, dayOf, parseDay, weekdayNames, weekdayOf } from '../_shared/calendar.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { optionLetter, optionLines, optionMisses, publishedOptions, readOption } from '../_shared/options.ts'
import { sentencesOf } from '../_shared/phrases.ts'
import { dayFrom, daysOf, type Fact } from './facts.ts'
import { type Rung, randomStory, type Story } from './generator.ts'
import { publishedStory } from './published.ts'
import { askedOf, factOf, questionText, sentence } from './words.ts'

/** Which date is asked for? `key` is present on imported questions: how the right answer is known. */
interface DateUnderstanding extends Story {
  readonly key?: 'recomputed'
}

const ladder: readonly Rung[] = [
  { chain: 1, aside: 0, options: 5 },
  { chain: 2, aside: 0, options: 6 },
  { chain: 3, aside: 1, options: 6 },
  { chain: 5, aside: 2, options: 7 },
  { chain: 8, aside: 4, options: 8 },
  { chain: 14, aside: 6, options: 8, shuffled: true },
  { chain: 24, aside: 10, options: 9, shuffled: true },
  { chain: 40, aside: 15, options: 10, shuffled: true },
]

const rules =
  'All dates are of the Gregorian calendar. Counting months or years on or back keeps the day of the month; where the month so reached is too short for it, its last day is meant. Working days are Monday to Friday, holidays are ignored, and the day that one counts from is not counted itself. "After" and "before" a day exclude that day.'

/** The day number asked for; throws for facts that leave today open, which neither `generate` nor an import yields. */
function rightDay({ facts, asked }: DateUnderstanding): number {
  const today = daysOf(facts).get('today')
  if (today === undefined) throw new Error('date-understanding: the facts do not fix today')
  return dayFrom(asked.kind, asked.n, [today])
}

function ask({ facts, asked, options }: DateUnderstanding): string {
  return [
    `Each of these facts tells when something is, among them today. ${rules}`,
    `Facts: ${facts.map(sentence).join(' ')}`,
    `Question: ${questionText(asked)} Pick the option; dates are written MM/DD/YYYY.`,
    optionLines(options),
    answerFormat('Answer with the letter of the option in parentheses.', '(Z)'),
  ].join('\n')
}

function parse(prompt: string): DateUnderstanding | null {
  const found =
    /^Facts: (.+)\nQuestion: ([^?\n]{1,120}\?) Pick the option; [^\n]{1,80}\n((?:\([A-Z]\) [0-9/]{10}\n)+)/m.exec(
      prompt,
    )
  const asked = found && askedOf(found[2]!)
  if (!asked) return null
  const sentences = sentencesOf(found[1]!)
  if (sentences.length > 200) return null
  const facts = sentences.map(factOf)
  const options = found[3]!
    .trimEnd()
    .split('\n')
    .map(line => line.slice(4))
  if (!facts.every(fact => fact !== null) || !daysOf(facts).has('today')) return null
  return { facts, asked, options }
}

/** Two texts are the same option when they are the same date, however written. */
function dateKey(text: string): string {
  const day = parseDay(text)
  return day ? american(day) : text.trim().toLowerCase()
}

/** What today hangs on, without names, wording, options and facts beside the point. */
function identity({ facts, asked }: DateUnderstanding): unknown {
  const byEvent = new Map(facts.map(fact => [fact.event, fact]))
  const known = new Map<string, string>()
  const hashOf = (event: string): string => {
    const fact = byEvent.get(event) as Fact
    const hash = known.get(event) ?? contentHash([fact.kind, fact.n, fact.of.map(hashOf)])
    known.set(event, hash)
    return hash
  }
  return [hashOf('today'), asked.kind, asked.n]
}

export default defineTask<DateUnderstanding>({
  slug: 'date-understanding',
  title: 'Date Understanding',
  split: 'seen',
  version: 1,
  about: 'Work out a date from a chain of facts about other dates and pick it from the options.',
  // The first level repeats now and then (twice in a thousand free draws, hence about 250,000): it is drawn apart.
  levels: ladder.map(({ chain, aside, options, shuffled }) => ({
    ...(chain === 1 ? { instances: 250_000 } : {}),
    knob: `${chain} ${chain === 1 ? 'fact' : 'facts'} to today, ${aside} beside the point, ${options} options${shuffled ? ', shuffled' : ''}`,
  })),
  generate: (rng, level) => randomStory(rng, ladder[level - 1]!),
  ask,
  read: readBack(ask, parse),
  verify(puzzle, answer) {
    const right = american(dayOf(rightDay(puzzle)))
    const given = readOption(answer, puzzle.options, dateKey)
    if (!('index' in given)) {
      // An imported question may lack the right date among its options; the date itself is then the one right answer.
      return 'text' in given && dateKey(given.text) === right ? correct : malformed(given.why)
    }
    const date = puzzle.options[given.index]!
    if (dateKey(date) === right) return correct
    return incorrect(`(${optionLetter(given.index)}) ${date} is not the date asked for`)
  },
  solve(puzzle) {
    const right = american(dayOf(rightDay(puzzle)))
    const index = puzzle.options.findIndex(option => dateKey(option) === right)
    return index < 0 ? right : `(${optionLetter(index)})`
  },
  pythonData: ({ facts, asked, options }) => ({
    FACTS: facts.map(({ event, kind, of, n }) => ({ event, kind, of, ...n })),
    ASKED: { kind: asked.kind, ...asked.n },
    OPTIONS: options,
  }),
  nearMisses(puzzle) {
    const right = american(dayOf(rightDay(puzzle)))
    const index = puzzle.options.findIndex(option => dateKey(option) === right)
    return onlyWrong(text => this.verify(puzzle, text), optionMisses(puzzle.options, Math.max(index, 0)))
  },
  identity,
  effort: ({ facts }) => facts.length,
  show({ facts, asked, options }) {
    const days = daysOf(facts)
    const lines = facts.map(({ event }) => {
      const day = days.get(event)
      return day === undefined ? `${event}: open` : `${event}: ${weekdayNames[weekdayOf(day)]} ${american(dayOf(day))}`
    })
    return [...lines, questionText(asked), optionLines(options)].join('\n')
  },
  fromPublished(sample) {
    const options = typeof sample.question === 'string' ? publishedOptions(sample.question) : null
    const story = options && publishedStory(sample.question!)
    if (!story) return null
    const today: Fact = { event: 'today', kind: 'date', of: [], n: { ...story.today }, said: 0 }
    return { facts: [today], asked: story.asked, options, key: 'recomputed' }
  },
  publishedKey: sample => (typeof sample.solution === 'string' ? sample.solution : null),
})
