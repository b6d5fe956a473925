import type { Rng } from '../../util/rng.ts'

/** One round: a card comes, then one of the named letter goes. Nothing goes in the last round. */
export interface Round {
  readonly add: string
  readonly remove: string | null
}

export type Judgement = 0 | 1 | 2

/** The cards in hand, counted by letter. Published hands may hold other characters; they are in no run. */
type Hand = Map<string, number>

const handOf = (cards: string): Hand => {
  const hand: Hand = new Map()
  for (const card of cards) change(hand, card, 1)
  return hand
}

function change(hand: Hand, card: string, by: number): void {
  const count = (hand.get(card) ?? 0) + by
  if (count > 0) hand.set(card, count)
  else hand.delete(card)
}

/** 1 for a third of a kind, else 2 for a run of three letters (where there is such a rule), else 0. */
function judge(hand: Hand, card: string, chi: boolean): Judgement {
  if ((hand.get(card) ?? 0) >= 2) return 1
  if (!chi || !isLetter(card)) return 0
  const at = (offset: number) => {
    const letter = String.fromCharCode(card.charCodeAt(0) + offset)
    return isLetter(letter) && hand.has(letter)
  }
  return (at(-2) && at(-1)) || (at(-1) && at(1)) || (at(1) && at(2)) ? 2 : 0
}

const isLetter = (card: string) => card >= 'A' && card <= 'Z'

/** The result of every round. */
export function judgements(cards: string, rounds: readonly Round[], chi: boolean): Judgement[] {
  const hand = handOf(cards)
  return rounds.map(({ add, remove }) => {
    const result = judge(hand, add, chi)
    change(hand, add, 1)
    if (remove !== null) change(hand, remove, -1)
    return result
  })
}

/** The hand before every round, sorted. */
export function handsBefore(cards: string, rounds: readonly Round[]): string[] {
  const hand = handOf(cards)
  return rounds.map(({ add, remove }) => {
    const before = [...hand].map(([card, count]) => card.repeat(count)).sort()
    change(hand, add, 1)
    if (remove !== null) change(hand, remove, -1)
    return before.join('')
  })
}

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** A hand and rounds in which all three results are about equally frequent, the last one drawn first. */
export function drawGame(rng: Rng, count: number): { readonly hand: string; readonly rounds: readonly Round[] } {
  for (;;) {
    const start = rng.sample([...alphabet, ...alphabet], 13)
    const hand = handOf(start.join(''))
    const rounds: Round[] = []
    for (let i = 0; i < count; i++) {
      const wanted = rng.pick([0, 1, 2] as const)
      const fitting = alphabet.filter(card => judge(hand, card, true) === wanted)
      // A run with one of its letters held twice, or one that a pair outranks, is the shape that is misread.
      const tricky = fitting.filter(card => looksLikeTwo(hand, card))
      const from = tricky.length > 0 && rng.chance(0.5) ? tricky : fitting
      // Wanted but not to be had: the whole game is drawn again if it is the last round, else anything may come.
      if (from.length === 0 && i === count - 1) break
      const add = rng.pick(from.length > 0 ? from : alphabet)
      const held = [...hand].flatMap(([card, times]) => Array<string>(times).fill(card))
      const remove = i === count - 1 ? null : removed(rng, hand, held)
      rounds.push({ add, remove })
      change(hand, add, 1)
      if (remove !== null) change(hand, remove, -1)
    }
    if (rounds.length === count) return { hand: start.join(''), rounds }
  }
}

/** Mostly single cards go, so that pairs build up; now and then a pair is broken. */
function removed(rng: Rng, hand: Hand, held: readonly string[]): string {
  const single = held.filter(card => hand.get(card) === 1)
  return rng.pick(single.length > 0 && rng.chance(0.6) ? single : held)
}

function looksLikeTwo(hand: Hand, card: string): boolean {
  const near = [-2, -1, 0, 1, 2].map(offset => hand.get(String.fromCharCode(card.charCodeAt(0) + offset)) ?? 0)
  return near.some(times => times > 1) && near.filter(times => times > 0).length > 1
}
