import { defineTask } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { attempt } from '../_shared/attempt.ts'
import { judgeExact, judgeNumber } from '../_shared/math-judge.ts'
import { publishedQuestion } from '../_shared/published.ts'
import { showSurd, surd } from '../_shared/surd.ts'
import { template } from '../_shared/template.ts'
import { type Event, eventOf, events, eventTemplates } from './events.ts'
import { goalTemplates, names, situationOf, situations, situationTemplates } from './situations.ts'

/** A word problem: one of ours, which can be worked out again, or a published one with its stored number. */
type GsmHard = Story | Stored

/** Numbers are decimal strings: they outgrow doubles. */
interface Story {
  readonly kind: 'story'
  readonly situation: string
  readonly numbers: readonly string[]
  /** The first name and the thing that the story speaks of. */
  readonly words: Readonly<Record<string, string>>
  readonly events: readonly { readonly name: string; readonly numbers: readonly string[] }[]
  /** The result is divided by this in the end; 1 where the total is asked for. */
  readonly parts: number
}

interface Stored {
  readonly kind: 'stored'
  readonly problem: string
  readonly target: number
}

/** Digits of the awkward numbers, events that change the stock, sentences that say nothing, chance of a division in the end. */
const ladder = [
  { digits: 2, events: 0, idle: 0, share: 0 },
  { digits: 4, events: 0, idle: 0, share: 0 },
  { digits: 7, events: 1, idle: 0, share: 0.2 },
  { digits: 7, events: 3, idle: 1, share: 0.3 },
  { digits: 9, events: 6, idle: 2, share: 0.3 },
  { digits: 12, events: 12, idle: 2, share: 0.3 },
  { digits: 20, events: 25, idle: 3, share: 0.3 },
  { digits: 30, events: 60, idle: 4, share: 0.3 },
] as const

const head = 'Work out the answer to this word problem.\nProblem: '
const opening = template('Exactly so many {Unit} are the stock with which a new store opens.')
const inStock = template('How many {Unit} are in stock in the end?')
const divided = template(
  'Finally that number of {Unit} is divided into {k} equal parts, where fractions are allowed. How large is one part?',
)
const example = '60125/17'
const format = answerFormat(
  'All numbers are exact and nothing is rounded unless the problem says so. Write the number alone, exactly: as a whole number, a decimal or a fraction; a rounded value is wrong.',
  example,
)

const big = (numbers: readonly string[]) => numbers.map(BigInt)
const letters = 'abcdef'
const slotsOf = (numbers: readonly string[]) => Object.fromEntries(numbers.map((n, i) => [letters[i]!, n]))
const inSlots = (slots: Readonly<Record<string, string>>) =>
  [...letters].flatMap(letter => (slots[letter] === undefined ? [] : [slots[letter]]))

function tell({ situation, numbers, words, events: happened, parts }: Story): string {
  const { unit } = situationOf.get(situation)!
  const sentences = [situationTemplates.get(situation)!.fill({ ...slotsOf(numbers), ...words })]
  const goal = goalTemplates.get(situation)!.fill(words)
  if (happened.length > 0) sentences.push(`Find out first: ${goal}`, opening.fill({ Unit: unit }))
  for (const event of happened) {
    sentences.push(eventTemplates.get(event.name)!.fill({ ...slotsOf(event.numbers), Unit: unit }))
  }
  if (parts > 1) sentences.push(divided.fill({ Unit: unit, k: String(parts) }))
  else if (happened.length > 0) sentences.push(inStock.fill({ Unit: unit }))
  else sentences.push(goal)
  return sentences.join(' ')
}

/** Takes a told story apart again, sentence by sentence. */
function untell(text: string): Story | null {
  for (const { name, unit } of situations) {
    const begun = situationTemplates.get(name)!.match(text)
    if (begun === null) continue
    const words = Object.fromEntries(Object.entries(begun.slots).filter(([slot]) => /^[A-Z]/.test(slot)))
    const story = { kind: 'story' as const, situation: name, numbers: inSlots(begun.slots), words }
    let at = begun.end + 1
    const opened = text.indexOf(opening.fill({ Unit: unit }), at)
    if (opened >= 0) at = opening.match(text, opened)!.end + 1
    const happened: { name: string; numbers: string[] }[] = []
    for (let found = eventAt(text, at); found; found = eventAt(text, at)) {
      happened.push({ name: found.name, numbers: inSlots(found.slots) })
      at = found.end + 1
    }
    const parts = Number(divided.match(text, at)?.slots.k ?? 1)
    const puzzle = { ...story, events: happened, parts }
    // A changed text may divide by zero or repeat something for ages.
    return tell(puzzle) === text && attempt(() => result(puzzle)) ? puzzle : null
  }
  return null
}

function eventAt(text: string, at: number) {
  for (const { name } of events) {
    const found = eventTemplates.get(name)!.match(text, at)
    if (found) return { name, ...found }
  }
  return null
}

/** The stock after the beginning and after every event. */
function course({ situation, numbers, events: happened }: Story): bigint[] {
  const stocks = [situationOf.get(situation)!.value(big(numbers))]
  for (const event of happened) stocks.push(eventOf.get(event.name)!.value(stocks.at(-1)!, big(event.numbers)))
  return stocks
}

const result = (puzzle: Story) => surd(course(puzzle).at(-1)!, BigInt(puzzle.parts))
const show = (puzzle: Story) => showSurd(result(puzzle))

function happenings(rng: Rng, start: bigint, { digits, events: count, idle }: (typeof ladder)[number]) {
  const happened: { name: string; numbers: string[] }[] = []
  const kinds = [...Array(count).fill(false), ...Array(idle).fill(true)]
  let stock = start
  for (const isIdle of rng.shuffle<boolean>(kinds)) {
    const drawn = pickEvent(rng, stock, digits, isIdle, happened)
    stock = drawn.event.value(stock, drawn.numbers)
    happened.push({ name: drawn.event.name, numbers: drawn.numbers.map(String) })
  }
  return happened
}

function pickEvent(rng: Rng, stock: bigint, digits: number, idle: boolean, before: readonly { name: string }[]) {
  // No event twice in a row, no idle remark twice at all.
  const used = new Set((idle ? before : before.slice(-1)).map(({ name }) => name))
  for (;;) {
    const event: Event = rng.pick(events.filter(({ name, idle: none }) => (none ?? false) === idle && !used.has(name)))
    // A store that has grown far beyond its numbers is no story: larger ones shrink.
    const grown = String(stock).length > digits * 2 + 4
    if (grown && (event.name === 'multiply' || event.name === 'doubling')) continue
    const numbers = event.draw(stock, rng, digits)
    if (numbers !== null) return { event, numbers }
  }
}

function ask(puzzle: GsmHard): string {
  return `${head}${puzzle.kind === 'story' ? tell(puzzle) : puzzle.problem}\n${format}`
}

export default defineTask<GsmHard>({
  slug: 'gsm-hard',
  title: 'GSM-Hard',
  split: 'seen',
  version: 1,
  about: 'Solve a word problem of several steps with large, awkward numbers.',
  levels: ladder.map(({ digits, events: steps, idle }, i) => ({
    knob: `numbers of up to ${digits} digits, ${steps} events after the beginning, ${idle} sentences without use`,
    ...(i === 0 ? { instances: 500_000 } : {}),
  })),
  generate(rng, level) {
    const rung = ladder[level - 1]!
    for (;;) {
      const situation = rng.pick(situations)
      const drawn = situation.draw({ digits: rung.digits, rng })
      const start = situation.value(drawn)
      const words = {
        ...(situation.text.includes('{Who}') ? { Who: rng.pick(names) } : {}),
        ...(situation.things ? { What: rng.pick(situation.things) } : {}),
      }
      const happened = happenings(rng, start, rung)
      const parts = rng.chance(rung.share) ? rng.pick([3, 7, 8, 12, 16, 24, 45]) : 1
      const numbers = drawn.map(String)
      const puzzle: Story = { kind: 'story', situation: situation.name, numbers, words, events: happened, parts }
      // Neither the example nor a number that already stands in the text.
      const answer = show(puzzle)
      const printed = new Set(tell(puzzle).match(/\d+/g))
      if (start > 1n && answer !== example && !printed.has(answer) && course(puzzle).at(-1)! > 1n) return puzzle
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const from = prompt.indexOf(head)
    const to = prompt.indexOf('\n', from + head.length)
    return from < 0 || to < 0 ? null : untell(prompt.slice(from + head.length, to))
  }),
  verify(puzzle, answer) {
    return puzzle.kind === 'story'
      ? judgeExact(result(puzzle), answer)
      : judgeNumber(puzzle.target, puzzle.problem, answer)
  },
  solve: puzzle => (puzzle.kind === 'story' ? show(puzzle) : String(puzzle.target)),
  pythonData(puzzle) {
    if (puzzle.kind === 'stored') return { SITUATION: '', NUMBERS: [], EVENTS: [], PARTS: 1 }
    const { situation, numbers, events: happened, parts } = puzzle
    return {
      SITUATION: situation,
      NUMBERS: big(numbers),
      EVENTS: happened.map(event => [event.name, ...big(event.numbers)]),
      PARTS: parts,
    }
  },
  nearMisses(puzzle, rng) {
    const misses = puzzle.kind === 'story' ? slips(puzzle, rng) : storedSlips(puzzle.target)
    return [...new Set(misses)].filter(text => this.verify(puzzle, text).verdict !== 'correct')
  },
  identity: puzzle =>
    puzzle.kind === 'story' ? [puzzle.situation, puzzle.numbers, puzzle.events, puzzle.parts] : puzzle.problem,
  effort(puzzle) {
    if (puzzle.kind === 'stored') return 1
    const digits = [puzzle.numbers, ...puzzle.events.map(event => event.numbers)].flat().join('').length
    return digits + 5 * puzzle.events.length
  },
  fromPublished(sample) {
    const problem = publishedQuestion(sample.question)
    const target = sample.solution
    return problem && typeof target === 'number' && Number.isFinite(target) ? { kind: 'stored', problem, target } : null
  },
  publishedKey: sample => (typeof sample.solution === 'number' ? String(sample.solution) : null),
})

/** What one gets who forgets the last event, skips the first, believes an idle number, does not divide, or miscounts. */
function slips(puzzle: Story, rng: Rng): string[] {
  const total = course(puzzle).at(-1)!
  const { events: happened, numbers } = puzzle
  const at = rng.int(0, Math.max(0, happened.length - 1))
  const idle = happened.find(event => eventOf.get(event.name)!.idle)
  const digits = String(total)
  const swapped = digits.replace(/(\d)(\d)$/, '$2$1')
  return [
    show({ ...puzzle, events: happened.slice(0, -1) }),
    show({ ...puzzle, events: happened.filter((_, i) => i !== at) }),
    show({ ...puzzle, parts: 1 }),
    showSurd(surd(total + 1n, BigInt(puzzle.parts))),
    showSurd(surd(total - 1n, BigInt(puzzle.parts))),
    showSurd(surd(total + BigInt(idle?.numbers[0] ?? numbers[0]!), BigInt(puzzle.parts))),
    showSurd(surd(total * 10n, BigInt(puzzle.parts))),
    showSurd(surd(BigInt(swapped), BigInt(puzzle.parts))),
    showSurd(surd(total * 2n, BigInt(puzzle.parts))),
    showSurd(surd(total + BigInt(numbers.at(-1)!), BigInt(puzzle.parts))),
    `-${show(puzzle)}`,
    String(Number(total) * 1.01),
    `${show(puzzle)} or ${total + 1n}`,
    'impossible',
  ]
}

const storedSlips = (target: number) =>
  [target + 1, target - 1, -target, target * 10, target * 1.01, target / 2, target * 2 + 1].map(String)
