export type Result = 'win' | 'loss' | 'draw'

/** What is known of the opponent's play besides the results. Rounds count from 1. */
export type Fact =
  | { readonly kind: 'not'; readonly card: string; readonly round: number }
  | { readonly kind: 'earlier' | 'directly-before'; readonly card: string; readonly other: string }

/** Which cards every card beats, as a text of letters; two cards of which neither beats the other draw. */
export type Beats = Readonly<Record<string, string>>

/** One game: what I played, how each round ended for me, what else is known. */
export interface Game {
  readonly beats: Beats
  readonly moves: readonly string[]
  readonly results: readonly Result[]
  readonly facts: readonly Fact[]
}

/** How a round ends for the player of `mine`. */
export function resultOf(beats: Beats, mine: string, theirs: string): Result {
  if (beats[mine]?.includes(theirs)) return 'win'
  return beats[theirs]?.includes(mine) ? 'loss' : 'draw'
}

/** Whether a fact holds of the opponent's cards in order. */
export function holds(fact: Fact, cards: readonly string[]): boolean {
  const at = cards.indexOf(fact.card)
  if (fact.kind === 'not') return at !== fact.round - 1
  const other = cards.indexOf(fact.other)
  if (at < 0 || other < 0) return false
  return fact.kind === 'earlier' ? at < other : other === at + 1
}

/**
 * Up to `limit` sequences of different cards that explain all results and facts; complete when fewer come back, null
 * when the search takes more than `steps`. Every round keeps the cards it may still hold as a bit mask (at most 30
 * cards); what no longer fits is dropped until nothing changes, then the round with the fewest cards is tried.
 */
export function explanations(game: Game, limit: number, steps = Number.POSITIVE_INFINITY): string[][] | null {
  const { beats, moves, results, facts } = game
  const cards = Object.keys(beats)
  const index = new Map(cards.map((card, i) => [card, i]))
  const start = moves.map((mine, round) =>
    cards.reduce((mask, theirs, i) => (resultOf(beats, mine, theirs) === results[round] ? mask | (1 << i) : mask), 0),
  )
  const orders: Order[] = []
  for (const fact of facts) {
    const card = index.get(fact.card)!
    if (fact.kind === 'not') start[fact.round - 1]! &= ~(1 << card)
    else orders.push({ card, other: index.get(fact.other)!, directly: fact.kind === 'directly-before' })
  }
  const all = moves.length === cards.length
  const mustPlay = all
    ? 2 ** cards.length - 1
    : orders.reduce((mask, { card, other }) => mask | (1 << card) | (1 << other), 0)
  const found: string[][] = []
  let left = steps
  const search = (rounds: number[]) => {
    if (--left < 0 || !narrow(rounds, orders, mustPlay)) return
    let best = -1
    let fewest = 99
    for (let i = 0; i < rounds.length; i++) {
      const size = bits(rounds[i]!)
      if (size > 1 && size < fewest) [best, fewest] = [i, size]
    }
    if (best < 0) {
      found.push(rounds.map(mask => cards[lowest(mask)]!))
      return
    }
    for (let rest = rounds[best]!; rest !== 0 && found.length < limit && left > 0; rest &= rest - 1) {
      const next = [...rounds]
      next[best] = rest & -rest
      search(next)
    }
  }
  search(start)
  return left < 0 ? null : found
}

interface Order {
  readonly card: number
  readonly other: number
  readonly directly: boolean
}

const lowest = (mask: number) => 31 - Math.clz32(mask & -mask)
const highest = (mask: number) => 31 - Math.clz32(mask)

function bits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Drops what cannot be until nothing changes; false when a round has no card left or a needed card no round. */
function narrow(rounds: number[], orders: readonly Order[], mustPlay: number): boolean {
  let changed = true
  const keep = (round: number, mask: number) => {
    const next = rounds[round]! & mask
    if (next === rounds[round]) return
    rounds[round] = next
    changed = true
  }
  /** For every card the rounds, as a mask, that may hold it. */
  const places = new Array<number>(32).fill(0)
  const restrict = (card: number, allowed: number) => {
    for (let rest = places[card]! & ~allowed; rest !== 0; rest &= rest - 1) keep(lowest(rest), ~(1 << card))
    places[card]! &= allowed
  }
  while (changed) {
    changed = false
    places.fill(0)
    for (let i = 0; i < rounds.length; i++) {
      for (let rest = rounds[i]!; rest !== 0; rest &= rest - 1) places[lowest(rest)]! |= 1 << i
    }
    for (const { card, other, directly } of orders) {
      if (places[other] === 0) return false
      restrict(card, directly ? places[other]! >> 1 : (1 << highest(places[other]!)) - 1)
      if (places[card] === 0) return false
      restrict(other, directly ? places[card]! << 1 : -2 << lowest(places[card]!))
    }
    if (!distinct(rounds, mustPlay, keep)) return false
  }
  return true
}

/** A round with one card takes it from the others; a needed card with one round left is played there. */
function distinct(rounds: readonly number[], mustPlay: number, keep: (round: number, mask: number) => void): boolean {
  for (let i = 0; i < rounds.length; i++) {
    const own = rounds[i]!
    if (own === 0) return false
    if ((own & (own - 1)) === 0) for (let j = 0; j < rounds.length; j++) if (j !== i) keep(j, ~own)
  }
  let once = 0
  let twice = 0
  for (const own of rounds) {
    twice |= once & own
    once |= own
  }
  if ((mustPlay & ~once) !== 0) return false
  const single = once & ~twice & mustPlay
  if (single !== 0) {
    for (let i = 0; i < rounds.length; i++) if ((rounds[i]! & single) !== 0) keep(i, rounds[i]! & single)
  }
  return true
}
