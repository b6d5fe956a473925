import type { Rng } from '../../util/rng.ts'
import { explanations, type Fact, type Game, holds, resultOf } from './game.ts'

/** How many cards and rounds, and how many sequences may explain the game. */
export interface Recipe {
  readonly cards: number
  readonly rounds: number
  readonly most: number
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Search steps within which all explanations of a drawn game must be found. */
const maxSteps = 200

/** Draws a game of a random relation with few explanations. */
export function drawGame(rng: Rng, recipe: Recipe): Game {
  for (;;) {
    const cards = [...alphabet.slice(0, recipe.cards)]
    const beats = drawRelation(rng, cards)
    const moves = rng.sample(cards, recipe.rounds)
    const hidden = rng.sample(cards, recipe.rounds)
    const results = moves.map((mine, i) => resultOf(beats, mine, hidden[i]!))
    const facts = factsFor(rng, { beats, moves, results, facts: [] }, hidden, recipe.most)
    if (facts === null) continue
    const game = { beats, moves, results, facts }
    // My own cards in my order stand in the question: they must not explain the game.
    if (results.some(result => result !== 'draw')) return game
  }
}

/** Each two cards: one beats the other, or they draw. */
function drawRelation(rng: Rng, cards: readonly string[]): Record<string, string> {
  const beats: Record<string, string[]> = Object.fromEntries(cards.map(card => [card, []]))
  for (const [i, card] of cards.entries()) {
    for (const other of cards.slice(i + 1)) {
      const roll = rng.int(1, 10)
      if (roll <= 4) beats[card]!.push(other)
      else if (roll <= 8) beats[other]!.push(card)
    }
  }
  return Object.fromEntries(cards.map(card => [card, beats[card]!.sort().join('')]))
}

/** Facts true of the hidden cards until at most so many sequences are left; null when that takes too long. */
function factsFor(rng: Rng, game: Game, hidden: readonly string[], most: number): Fact[] | null {
  const facts: Fact[] = []
  for (let round = 0; round < 6 * hidden.length; round++) {
    const right = explanations({ ...game, facts }, most + 1, maxSteps)
    if (right === null) return null
    if (right.length <= most) return rng.shuffle(facts)
    // Every fact excludes a sequence that was still possible.
    const others = right.filter(cards => cards.join('') !== hidden.join(''))
    for (const other of rng.sample(others, Math.min(others.length, hidden.length > 12 ? 2 : 1))) {
      const fact = trueFact(rng, hidden, other)
      if (!facts.some(known => JSON.stringify(known) === JSON.stringify(fact))) facts.push(fact)
    }
  }
  return null
}

function trueFact(rng: Rng, hidden: readonly string[], against: readonly string[]): Fact {
  for (;;) {
    const at = rng.int(0, hidden.length - 1)
    const roll = rng.int(1, 10)
    let fact: Fact
    if (roll <= 2) fact = { kind: 'not', card: against[at]!, round: at + 1 }
    else if (roll <= 5 && at > 0) fact = { kind: 'directly-before', card: hidden[at - 1]!, other: hidden[at]! }
    else fact = { kind: 'earlier', card: rng.pick(hidden), other: hidden[at]! }
    if (holds(fact, hidden) && !holds(fact, against)) return fact
  }
}
