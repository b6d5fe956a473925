import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { listItems, undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { drawGame, handsBefore, type Judgement, judgements, type Round } from './game.ts'

/** Follow a hand of letter cards through rounds and judge each added card. */
interface MahjongPattern {
  readonly hand: string
  readonly rounds: readonly Round[]
  /** Whether runs count; the two easiest published levels know pairs only. */
  readonly chi: boolean
  /** Whether the result of the last round is asked for, or those of all. */
  readonly report: 'last' | 'all'
}

const ladder = [
  { rounds: 1, report: 'last' },
  { rounds: 3, report: 'last' },
  { rounds: 5, report: 'last' },
  { rounds: 5, report: 'all' },
  { rounds: 10, report: 'all' },
  { rounds: 25, report: 'all' },
  { rounds: 60, report: 'all' },
  { rounds: 200, report: 'all' },
] as const

const maxLength = 20_000
const names = ['pass', 'peng', 'chi'] as const
const example = [2, 2, 0]

function ask({ hand, rounds, chi, report }: MahjongPattern): string {
  const results = chi ? '0, 1 or 2' : '0 or 1'
  return [
    `A hand holds ${hand.length} cards, each of which is a letter. In every round a card is added and judged by the cards that were in the hand just before; then one card of the named letter is removed.`,
    '- 1 (Peng): at least two cards in the hand are equal to the added card.',
    ...(chi
      ? [
          '- 2 (Chi): no Peng, but two cards in the hand make three consecutive letters of the alphabet together with the added card, which may be the first, the middle or the last of the three. The alphabet runs from A to Z and does not start again after Z.',
        ]
      : []),
    `- 0 (Pass): ${chi ? 'neither' : 'otherwise'}.`,
    'A card that has been added belongs to the hand from then on, whatever its result, and a removal changes no result that was already given.',
    `Hand: ${hand}`,
    ...rounds.map(({ add, remove }, i) =>
      remove === null ? `Round ${i + 1}: add ${add}` : `Round ${i + 1}: add ${add}, remove ${remove}`,
    ),
    report === 'last'
      ? answerFormat(
          `What is the result x of round ${rounds.length}, the last one? Answer with one digit, ${results}.`,
          'x',
        )
      : answerFormat(
          `What are the results of all ${rounds.length} rounds? List them in order, each ${results}.`,
          `[${example.join(', ')}]`,
        ),
  ].join('\n')
}

const resultsOf = ({ hand, rounds, chi }: MahjongPattern): Judgement[] => judgements(hand, rounds, chi)

/** A result as a digit (`1`, `+1`, `01`) or by its name; null for anything else. */
function readResult(text: string): number | null {
  if (/^[+-]?[0-9]{1,20}$/.test(text)) return Number(text)
  const named = names.indexOf(text.toLowerCase() as 'pass')
  return named < 0 ? null : named
}

export default defineTask<MahjongPattern>({
  slug: 'mahjong-pattern',
  title: 'Mahjong Pattern',
  split: 'seen',
  version: 1,
  about: 'Follow a hand of letter cards through rounds and judge the added cards: third of a kind, run, or nothing.',
  levels: ladder.map(({ rounds, report }) => ({
    knob: `${rounds} round${rounds === 1 ? '' : 's'}, ${report === 'last' ? 'the last result' : 'all results'}`,
  })),
  generate(rng, level) {
    const { rounds, report } = ladder[level - 1]!
    return { ...drawGame(rng, rounds), chi: true, report }
  },
  ask,
  read: readBack(ask, prompt => {
    const body = /\nHand: ([A-Z[\\\]^_`]{1,60})\n((?:Round \d{1,4}: add [^\n]{1,14}\n)+)(What are )?/.exec(prompt)
    if (!body) return null
    const rounds = [...body[2]!.matchAll(/: add (.)(?:, remove (.))?$/gm)].map(([, add, remove]) => ({
      add: add!,
      remove: remove ?? null,
    }))
    return { hand: body[1]!, rounds, chi: prompt.includes('\n- 2 (Chi): '), report: body[3] ? 'all' : 'last' }
  }),
  verify(puzzle, answer) {
    const text = undressed(answer, maxLength)
    if (text === null) return malformed(`longer than ${maxLength} characters`)
    const items = listItems(text)
    if (items === null) return malformed(`a bracket in ${quote(text)} has no partner`)
    const truth = puzzle.report === 'last' ? resultsOf(puzzle).slice(-1) : resultsOf(puzzle)
    // Digits written together say the same as the list.
    const joined = items.length === 1 && truth.length > 1 && items[0]!.length === truth.length
    const given = (joined ? [...items[0]!] : items).map(readResult)
    const bad = given.indexOf(null)
    if (bad >= 0 || given.length === 0) return malformed(`${quote(items[bad] ?? text)} is no result`)
    if (given.length !== truth.length) {
      return truth.length === 1
        ? malformed(`${given.length} results where one is asked for`)
        : incorrect(`${given.length} results for ${truth.length} rounds`)
    }
    const at = truth.findIndex((result, i) => given[i] !== result)
    if (at < 0) return correct
    const round = puzzle.report === 'last' ? puzzle.rounds.length : at + 1
    const named = names[given[at] ?? -1]
    return incorrect(`round ${round} is not ${named ? `${given[at]} (${named})` : quote(String(given[at]))}`)
  },
  solve(puzzle) {
    const results = resultsOf(puzzle)
    return puzzle.report === 'last' ? String(results.at(-1)) : `[${results.join(', ')}]`
  },
  pythonData: ({ hand, rounds, chi, report }) => ({
    HAND: hand,
    ROUNDS: rounds.map(({ add, remove }) => [add, remove]),
    CHI: chi,
    REPORT: report,
  }),
  nearMisses(puzzle, rng) {
    const right = resultsOf(puzzle)
    if (puzzle.report === 'last') {
      const last = right.at(-1)!
      return onlyWrong(
        text => this.verify(puzzle, text),
        [...rng.shuffle(['0', '1', '2']), `${last},${last}`, String(last + 3), `${last} or ${(last + 1) % 3}`],
      )
    }
    const asList = (results: readonly number[]) => `[${results.join(', ')}]`
    const oneOff = Array.from({ length: 8 }, () => {
      const at = rng.int(0, right.length - 1)
      return asList(right.with(at, ((right[at]! + rng.int(1, 2)) % 3) as Judgement))
    })
    return onlyWrong(
      text => this.verify(puzzle, text),
      [
        // Without a removal, without runs, with the results of the round before.
        asList(
          judgements(
            puzzle.hand,
            puzzle.rounds.map(({ add }) => ({ add, remove: null })),
            puzzle.chi,
          ),
        ),
        asList(judgements(puzzle.hand, puzzle.rounds, false)),
        asList(right.map(result => (result === 1 ? 2 : result))),
        ...oneOff,
        asList([...right.slice(1), right[0]!]),
        asList(right.slice(0, -1)),
        asList([...right, 0]),
        asList([...right].reverse()),
        String(right.at(-1)),
      ],
    )
  },
  identity({ hand, rounds, chi, report }) {
    // The order of a hand says nothing, and the alphabet read backwards is the same game.
    const mirror = (card: string) => (/[A-Z]/.test(card) ? String.fromCharCode(155 - card.charCodeAt(0)) : card)
    const described = (rename: (card: string) => string) => [
      [...hand].map(rename).sort().join(''),
      rounds.map(({ add, remove }) => rename(add) + (remove === null ? '' : rename(remove))).join(' '),
    ]
    const [plain, mirrored] = [described(card => card), described(mirror)]
    return [chi, report, plain.join() < mirrored.join() ? plain : mirrored]
  },
  effort: ({ rounds, report }) => rounds.length * (report === 'all' ? 2 : 1),
  show({ hand, rounds }) {
    const hands = handsBefore(hand, rounds)
    return rounds
      .map(({ add, remove }, i) => `${hands[i]!.padEnd(14)} + ${add}${remove === null ? '' : ` - ${remove}`}`)
      .join('\n')
  },
  fromPublished(sample) {
    const { initial_cards: hand, rounds } = (sample.solution ?? {}) as { initial_cards?: unknown; rounds?: unknown }
    if (typeof hand !== 'string' || !Array.isArray(rounds) || rounds.length === 0) return null
    const read = rounds.map((round, i): Round | null => {
      const { add, remove } = (round ?? {}) as { add?: unknown; remove?: unknown }
      const last = i === rounds.length - 1
      if (typeof add !== 'string' || add.length !== 1) return null
      if (!last && (typeof remove !== 'string' || remove.length !== 1)) return null
      // The stored removal of the last round is not part of the question.
      return { add, remove: last ? null : String(remove) }
    })
    if (read.includes(null)) return null
    const chi = sample.question ? /"Chi[,."]/.test(sample.question) : Number(sample.complexity) > 2
    return { hand, rounds: read as Round[], chi, report: 'last' }
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return typeof key === 'number' ? String(key) : null
  },
})
