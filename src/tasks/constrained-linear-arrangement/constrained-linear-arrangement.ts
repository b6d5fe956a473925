import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { listItems, undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { explanations, type Fact, type Game, holds, type Result, resultOf } from './game.ts'
import { drawGame, type Recipe } from './generator.ts'
import { publishedGames } from './published.ts'

const ladder: readonly Recipe[] = [
  { cards: 5, rounds: 4, most: 4 },
  { cards: 6, rounds: 5, most: 4 },
  { cards: 8, rounds: 6, most: 4 },
  { cards: 10, rounds: 8, most: 4 },
  { cards: 12, rounds: 12, most: 3 },
  { cards: 16, rounds: 16, most: 3 },
  { cards: 20, rounds: 20, most: 2 },
  { cards: 26, rounds: 26, most: 2 },
]

const maxLength = 2_000
const endings: Readonly<Record<Result, string>> = { win: 'I won', loss: 'I lost', draw: 'draw' }

function sentence(fact: Fact): string {
  if (fact.kind === 'not') return `The opponent did not play ${fact.card} in round ${fact.round}.`
  return fact.kind === 'earlier'
    ? `The opponent played both ${fact.card} and ${fact.other}, and ${fact.card} in an earlier round.`
    : `The opponent played ${fact.card} and, in the very next round, ${fact.other}.`
}

function ask({ beats, moves, results, facts }: Game): string {
  const cards = Object.keys(beats)
  return [
    `My opponent and I each have the same ${cards.length} cards, ${cards.join(', ')}. In every round both of us lay one card at the same time; a card that has been laid cannot be used again. Which card beats which:`,
    ...cards.map(card => `${card} beats ${beats[card] ? [...beats[card]].join(', ') : 'no card'}`),
    'A round in which neither card beats the other, or both are the same, is a draw.',
    'My cards and how the rounds ended:',
    ...moves.map((card, i) => `Round ${i + 1}: ${card}, ${endings[results[i]!]}`),
    ...(facts.length > 0 ? ['It is also known:', ...facts.map((fact, i) => `${i + 1}. ${sentence(fact)}`)] : []),
    `Which cards can the opponent have laid in rounds 1 to ${moves.length}? If several sequences of different cards fit everything above, any one of them is right.`,
    answerFormat("List the opponent's cards in the order of the rounds, separated by commas.", 'Z,Y'),
  ].join('\n')
}

function readFact(text: string): Fact | null {
  const not = /^The opponent did not play ([A-Z]) in round (\d{1,2})\.$/.exec(text)
  if (not) return { kind: 'not', card: not[1]!, round: Number(not[2]) }
  const earlier = /^The opponent played both ([A-Z]) and ([A-Z]), and ([A-Z]) in an earlier round\.$/.exec(text)
  if (earlier) return { kind: 'earlier', card: earlier[1]!, other: earlier[2]! }
  const next = /^The opponent played ([A-Z]) and, in the very next round, ([A-Z])\.$/.exec(text)
  return next ? { kind: 'directly-before', card: next[1]!, other: next[2]! } : null
}

function parse(prompt: string): Game | null {
  const beats = Object.fromEntries(
    [...prompt.matchAll(/^([A-Z]) beats (no card|[A-Z](?:, [A-Z]){0,25})$/gm)].map(([, card, beaten]) => [
      card!,
      beaten === 'no card' ? '' : beaten!.replaceAll(', ', ''),
    ]),
  )
  const rounds = [...prompt.matchAll(/^Round \d{1,2}: ([A-Z]), (I won|I lost|draw)$/gm)]
  const known = /\nIt is also known:\n((?:\d+\. [^\n]{1,90}\n)+)/.exec(prompt)?.[1]
  const facts =
    known
      ?.trimEnd()
      .split('\n')
      .map(line => readFact(line.replace(/^\d+\. /, ''))) ?? []
  if (facts.includes(null) || rounds.length === 0) return null
  const moves = rounds.map(found => found[1]!)
  const results = rounds.map(found => (found[2] === 'draw' ? 'draw' : found[2] === 'I won' ? 'win' : 'loss'))
  const game = { beats, moves, results: results as Result[], facts: facts as Fact[] }
  const named = [...moves, ...game.facts.flatMap(fact => ('other' in fact ? [fact.card, fact.other] : [fact.card]))]
  const inRange = game.facts.every(fact => fact.kind !== 'not' || (fact.round >= 1 && fact.round <= moves.length))
  return inRange && named.every(card => Object.hasOwn(beats, card)) ? game : null
}

/** The first answer of a game; null when nothing explains it (some published ones). */
const explain = (game: Game): string[] | null => explanations(game, 1)?.[0] ?? null

export default defineTask<Game>({
  slug: 'constrained-linear-arrangement',
  title: 'Constrained Linear Arrangement',
  split: 'seen',
  version: 1,
  about: "Deduce an opponent's cards, each used once, from one's own cards and the results of the rounds.",
  levels: ladder.map(({ cards, rounds, most }) => ({
    knob: `${rounds} rounds with ${cards} cards, at most ${most} explanations`,
  })),
  generate: (rng, level) => drawGame(rng, ladder[level - 1]!),
  ask,
  read: readBack(ask, parse),
  verify({ beats, moves, results, facts }, answer) {
    const text = undressed(answer, maxLength)
    if (text === null) return malformed(`longer than ${maxLength} characters`)
    const items = listItems(text)
    if (items === null) return malformed(`a bracket in ${quote(text)} has no partner`)
    // One word with a letter per round says the same as the list.
    const split = items.length === 1 && moves.length > 1 && items[0]!.length === moves.length ? [...items[0]!] : items
    const cards = split.map(item => item.toUpperCase())
    const strange = cards.find(card => !Object.hasOwn(beats, card))
    if (strange !== undefined) return malformed(`${quote(strange)} is none of the cards`)
    if (cards.length !== moves.length) return incorrect(`${cards.length} cards for ${moves.length} rounds`)
    const again = cards.find((card, i) => cards.indexOf(card) !== i)
    if (again !== undefined) return incorrect(`card ${again} is used twice`)
    const at = moves.findIndex((mine, i) => resultOf(beats, mine, cards[i]!) !== results[i])
    if (at >= 0) {
      const would = endings[resultOf(beats, moves[at]!, cards[at]!)]
      return incorrect(
        `round ${at + 1}: ${moves[at]} against ${cards[at]} ends "${would}", not "${endings[results[at]!]}"`,
      )
    }
    const broken = facts.find(fact => !holds(fact, cards))
    return broken === undefined ? correct : incorrect(`not so: ${sentence(broken)}`)
  },
  solve(game) {
    const cards = explain(game)
    if (cards === null) throw new Error('constrained-linear-arrangement: no cards explain these results')
    return cards.join(',')
  },
  pythonData: ({ beats, moves, results, facts }) => ({
    BEATS: { ...beats },
    MOVES: moves,
    RESULTS: results,
    FACTS: facts.map(fact => [fact.kind, fact.card, fact.kind === 'not' ? fact.round : fact.other]),
  }),
  nearMisses(game, rng) {
    const { beats, moves, results, facts } = game
    const right = explain(game) ?? [...moves]
    // What explains everything but one fact, and what explains every round but one.
    const oneFactLess = rng.shuffle(facts).flatMap(dropped => {
      const found = explanations({ ...game, facts: facts.filter(fact => fact !== dropped) }, 4, 2_000)
      return found?.slice(-1) ?? []
    })
    const others = Object.keys(beats)
    const changed = right.flatMap((_, i) => {
      const free = others.filter(card => !right.includes(card))
      return free.length > 0 ? [right.with(i, rng.pick(free))] : [right.with(i, right[(i + 1) % right.length]!)]
    })
    const swapped = right.slice(1).map((card, i) => right.with(i, card).with(i + 1, right[i]!))
    const reversed = explain({
      ...game,
      facts: [],
      results: results.map(r => (r === 'win' ? 'loss' : r === 'loss' ? 'win' : r)),
    })
    return onlyWrong(
      text => this.verify(game, text),
      [
        ...oneFactLess.slice(0, 5),
        ...swapped.slice(0, 8),
        ...(reversed ? [reversed] : []),
        ...changed.slice(0, 8),
        moves,
        [...right].reverse(),
        right.slice(1),
        [...right, right[0]!],
        ...Array.from({ length: 4 }, () => rng.sample(others, right.length)),
      ].map(cards => cards.join(',')),
    )
  },
  identity({ beats, moves, results, facts }) {
    // A card is named by the round in which I laid it; the cards I kept, by how they fare against those.
    const nature = (card: string) => moves.map(mine => resultOf(beats, mine, card)[0]).join('')
    const kept = Object.keys(beats).filter(card => !moves.includes(card))
    const order = [...moves, ...kept.sort((a, b) => (nature(a) < nature(b) ? -1 : 1))]
    const name = (card: string) => order.indexOf(card)
    const relation = order.map(a => order.map(b => resultOf(beats, a, b)[0]).join(''))
    const told = facts.map(
      fact => `${fact.kind} ${name(fact.card)} ${fact.kind === 'not' ? fact.round : name(fact.other)}`,
    )
    return [relation, results, told.sort()]
  },
  effort: ({ moves }) => moves.length,
  fromPublished(sample) {
    const { game_type, player_moves, results } = (sample.solution ?? {}) as Record<string, unknown>
    const beats =
      typeof game_type === 'string' && Object.hasOwn(publishedGames, game_type) ? publishedGames[game_type]! : null
    if (!beats || !Array.isArray(player_moves) || !Array.isArray(results) || results.length !== player_moves.length)
      return null
    if (!player_moves.every(card => Object.hasOwn(beats, card)) || !results.every(r => Object.hasOwn(endings, r)))
      return null
    return { beats, moves: player_moves, results, facts: [] }
  },
  countSolutions: (game, limit) => explanations(game, limit, 200_000)?.length ?? null,
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return Array.isArray(key) ? key.join(',') : null
  },
})
