import { InputError } from '../../errors.ts'
import { sha256 } from '../../util/hash.ts'

/** Which way the first two decisions are forced, if any: `free` leaves the choice to the coach. */
export const openings = ['free', 'text-to-code', 'code-to-text'] as const
export type Opening = (typeof openings)[number]

/** Where a path parts from an older one: at this turn (1-based) it takes another decision than those taken there before. */
export interface PartingPoint {
  readonly turn: number
  /** 1 for the first path that parts there, 2 for the next. */
  readonly sibling: number
  /** `markOf` the decisions already taken there. */
  readonly taken: readonly string[]
}

/** All that the decisions of a `varied` coach depend on, beside what it sees. It stands in the coach's name, so a record can be replayed. */
export interface VariedParts {
  readonly seed: string
  readonly openings: readonly Opening[]
  /** From the root down; empty for the first path. */
  readonly points: readonly PartingPoint[]
  /** Coaches that are varied, drawn among at every decision. */
  readonly of: readonly string[]
}

/** Names a decision by its words in the training form. */
export const markOf = (completion: string) => sha256(completion).slice(0, 8)

/** `seed=7;openings=free;at=2.1!1a2b3c4d;of=rules|tuned:server/model`: what stands behind `varied:`. */
export function variedArgument({ seed, openings: chosen, points, of }: VariedParts): string {
  const at = points.map(({ turn, sibling, taken }) => [`${turn}.${sibling}`, ...taken].join('!')).join(',')
  return `seed=${seed};openings=${chosen.join(',')};at=${at};of=${of.join('|')}`
}

/** Reads it back; `rules` alone varies that coach from seed 0. Throws InputError. */
export function readVariedArgument(argument: string): VariedParts {
  if (!argument.startsWith('seed=')) return { seed: '0', openings: ['free'], points: [], of: argument.split('|') }
  const found = /^seed=([^;]*);openings=([^;]*);at=([^;]*);of=(.+)$/s.exec(argument)
  const chosen = (found?.[2] ?? '').split(',') as Opening[]
  if (!found || chosen.some(name => !openings.includes(name)))
    throw new InputError(
      `"varied:${argument}" cannot be read`,
      'Write varied:rules, or copy the name from a record of codesteer data synthesize.',
    )
  return { seed: found[1]!, openings: chosen, points: pointsOf(found[3]!), of: found[4]!.split('|') }
}

const pointsOf = (text: string): PartingPoint[] =>
  text === ''
    ? []
    : text.split(',').map(point => {
        const [at = '', ...taken] = point.split('!')
        const [turn, sibling] = at.split('.').map(Number)
        return { turn: turn ?? 1, sibling: sibling ?? 0, taken }
      })
