import type { Rng } from '../../util/rng.ts'
import { endOf, type Move, relativeWays, shifts, type Way } from './walk.ts'
import { paraphrases } from './words.ts'

/** `fixed` never turns, `turning` does, `compass` goes by the compass. */
export type Dialect = 'fixed' | 'turning' | 'compass'

export interface Rung {
  /** Number of instructions, both ends included. */
  readonly moves: readonly [number, number]
  /** Longest single length. */
  readonly longest: number
  readonly dialects: readonly Dialect[]
  /** Turning walks also go backward and sideways. */
  readonly sideways?: boolean
  /** Compass walks also go diagonally, turning walks now and then by the compass. */
  readonly diagonal?: boolean
  /** Probability of an instruction to repeat previous ones. */
  readonly again?: number
}

function wayOf(rng: Rng, dialect: Dialect, rung: Rung): Way {
  if (dialect === 'fixed') return rng.pick(relativeWays)
  if (dialect === 'compass' || (rung.diagonal && rng.chance(0.15))) {
    const straight = ['north', 'east', 'south', 'west'] as const
    const diagonal = ['north-east', 'south-east', 'south-west', 'north-west'] as const
    return rng.pick(rung.diagonal && rng.chance(0.4) ? diagonal : straight)
  }
  return rung.sideways && rng.chance(0.35) ? rng.pick(relativeWays) : 'forward'
}

/** Instructions without regard to where they end. */
function randomMoves(rng: Rng, dialect: Dialect, rung: Rung): Move[] {
  const moves: Move[] = []
  const length = rng.int(...rung.moves)
  while (moves.length < length) {
    const since = moves.length - 1 - moves.findLastIndex(move => move.do === 'again')
    if (since >= 2 && rng.chance(rung.again ?? 0)) {
      const last = rng.int(2, Math.min(5, since))
      moves.push({ do: 'again', last, times: rng.int(2, 4), said: rng.int(0, paraphrases.again - 1) })
    } else if (dialect === 'turning' && moves.at(-1)?.do !== 'turn' && moves.length > 0 && rng.chance(0.6)) {
      const way = rng.pick(['left', 'left', 'right', 'right', 'around'] as const)
      moves.push({ do: 'turn', way, said: rng.int(0, paraphrases.turn - 1) })
    } else {
      const said = rng.int(0, paraphrases.go - 1)
      moves.push({ do: 'go', way: wayOf(rng, dialect, rung), count: rng.int(1, rung.longest), said })
    }
  }
  return moves
}

const withCount = (moves: readonly Move[], at: number, count: number): Move[] =>
  moves.map((move, i) => (i === at && move.do === 'go' ? { ...move, count } : move))

/** Changes lengths one by one until the walk closes; null when it will not. */
function closed(rng: Rng, moves: readonly Move[], longest: number): Move[] | null {
  const counts = moves.map(move => (move.do === 'go' ? move.count : 0))
  const shift = shifts(moves)
  const movable = shift.flatMap(({ x, y }, i) => (x !== 0 || y !== 0 ? [i] : []))
  let { x, y } = endOf(moves)
  for (let tries = 0; movable.length > 0 && tries < 40 * moves.length + 400; tries++) {
    if (x === 0 && y === 0) {
      return moves.map((move, i) => (move.do === 'go' ? { ...move, count: counts[i]! } : move))
    }
    const at = rng.pick(movable)
    const by = rng.chance(0.5) ? 1 : -1
    const next = counts[at]! + by
    const [nx, ny] = [x + by * shift[at]!.x, y + by * shift[at]!.y]
    const nearer = Math.abs(nx) + Math.abs(ny) - Math.abs(x) - Math.abs(y)
    if (next < 1 || next > longest || nearer > 0 || (nearer === 0 && rng.chance(0.5))) continue
    counts[at] = next
    x = nx
    y = ny
  }
  return null
}

const otherTurn = { left: 'right', right: 'left', around: 'left' } as const

/** A closed walk with one length or one turn changed so that it ends elsewhere; null when the change did not matter. */
function opened(rng: Rng, moves: readonly Move[], longest: number): Move[] | null {
  const at = rng.int(0, moves.length - 1)
  const move = moves[at]!
  if (move.do === 'again') return null
  let changed: Move[]
  if (move.do === 'turn') changed = moves.map((m, i) => (i === at ? { ...move, way: otherTurn[move.way] } : m))
  else {
    const count = move.count + rng.pick([-2, -1, 1, 2])
    if (count < 1 || count > longest) return null
    changed = withCount(moves, at, count)
  }
  const { x, y } = endOf(changed)
  return x === 0 && y === 0 ? null : changed
}

/** A walk of which half come back; those that do not miss by one changed length or turn. */
export function randomWalk(rng: Rng, rung: Rung): Move[] {
  const dialect = rng.pick(rung.dialects)
  const returns = rng.chance(0.5)
  for (;;) {
    const moves = randomMoves(rng, dialect, rung)
    if (moves.filter(move => move.do === 'go').length < 3) continue
    const back = closed(rng, moves, rung.longest)
    if (back === null) continue
    if (returns) return back
    for (let tries = 0; tries < 20; tries++) {
      const away = opened(rng, back, rung.longest)
      if (away) return away
    }
  }
}
