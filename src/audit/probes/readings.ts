// Samples whose result depends on a reading that the published wording leaves open.

import { exhausting, fromTop, inTurn, type Method } from '../../tasks/_shared/recipes.ts'
import { play, playSliding, type Turn } from '../../tasks/2048/board.ts'
import { cellsOf, type Move, makeMove, symbolsOf } from '../../tasks/reversi/board.ts'
import {
  applied,
  exhausting as exhaustingRules,
  type Rule,
  rewrite,
  roundRobin,
} from '../../tasks/string-deletion-and-modification/rewrite.ts'
import { allRounds, firstOnly, type InsertionRule } from '../../tasks/string-insertion/insert.ts'
import { type Probe, probe, stored } from './probe.ts'

interface Merging {
  readonly board: readonly (readonly number[])[]
  readonly turns: readonly Turn[]
}
const grid = (board: readonly (readonly number[])[]) => board.map(row => row.join(' ')).join('/')

interface Recipes {
  readonly start: readonly number[]
  readonly later: readonly string[]
  readonly methods: readonly Method[]
}
const padded = ({ start, methods }: Recipes) => {
  const kinds = methods.flatMap(({ uses, makes }) => [...uses, ...makes].map(([kind]) => kind))
  return Array.from({ length: Math.max(start.length, ...kinds.map(kind => kind + 1)) }, (_, i) => start[i] ?? 0)
}
type Order = typeof inTurn
const otherOrder = (name: string, about: string, right: Order, other: Order): Probe =>
  probe<Recipes>(name, about, puzzle => {
    const start = padded(puzzle)
    const [ours, theirs] = [right(start, puzzle.methods), other(start, puzzle.methods)]
    if (!ours || !theirs) return undefined
    const differ = ours.counts.some((count, i) => count !== theirs.counts[i])
    return differ ? `${ours.counts.join(' ')} against ${theirs.counts.join(' ')}` : null
  })

interface Rewriting {
  readonly text: string
  readonly rules: readonly Rule[]
}
const steps = 2_000
const finalOf = ({ text, rules }: Rewriting) => rewrite(text, rules, steps, 10_000)?.at(-1)?.text ?? text
const otherRewriting = (name: string, about: string, other: (puzzle: Rewriting) => string | null): Probe =>
  probe<Rewriting>(name, about, puzzle => {
    const [ours, theirs] = [finalOf(puzzle), other(puzzle)]
    if (theirs === null) return 'the other reading never ends'
    return ours === theirs ? null : `"${ours}" against "${theirs}"`
  })

/** The rewriting with the left of two middle letters deleted where the length is even. */
function leftMiddle({ text, rules }: Rewriting): string | null {
  let now = text
  for (let step = 0; step < steps; step++) {
    let next: string | null = null
    for (const rule of rules) {
      next = rule.kind === 'longer' ? withoutMiddle(now, rule.limit) : applied(now, rule)
      if (next !== null) break
    }
    if (next === null) return now
    now = next
  }
  return null
}
const withoutMiddle = (text: string, limit: number) => {
  const at = Math.ceil(text.length / 2) - 1
  return text.length > limit ? text.slice(0, at) + text.slice(at + 1) : null
}

function scores(sequence: string, points: (letter: string) => number) {
  const runs = sequence.match(/(.)\1*/g)?.filter(run => run.length > 1) ?? []
  const sum = (of: (run: string) => number) => runs.reduce((total, run) => total + of(run), 0)
  const letters = new Set(runs.map(run => run[0]!))
  return {
    run: sum(run => points(run[0]!)),
    pair: sum(run => points(run[0]!) * (run.length - 1)),
    letter: sum(run => points(run[0]!) * run.length),
    once: [...letters].reduce((total, letter) => total + points(letter), 0),
  }
}
const otherScore = (name: 'once' | 'pair' | 'letter', about: string): Probe =>
  probe(`other-reading-${name}`, about, (_puzzle, sample) => {
    const { sequence, rules } = stored(sample)
    if (typeof sequence !== 'string' || !Array.isArray(rules)) return undefined
    const points = new Map(rules.map((rule: { letter: string; score: number }) => [rule.letter, rule.score]))
    const found = scores(sequence, letter => points.get(letter) ?? 0)
    return found.run === found[name] ? null : `${found.run} against ${found[name]}`
  })

export const readings: Readonly<Record<string, readonly Probe[]>> = {
  '2048': [
    probe<Merging>('empty-start', 'there is no number on the cell that is to be moved', ({ board, turns }) => {
      const [row, column] = turns[0]!.at
      return board[row - 1]?.[column - 1] === 0 ? `(${row}, ${column}) is empty` : null
    }),
    probe<Merging>(
      'other-reading-slides',
      'a number that slides as far as it can gives another grid',
      ({ board, turns }) => {
        const [ours, theirs] = [grid(play(board, turns)), grid(play(board, turns, 'slides'))]
        return ours === theirs ? null : `${ours} against ${theirs}`
      },
    ),
    probe<Merging>(
      'other-reading-whole-board',
      'the well-known game, moving all numbers, gives another grid',
      ({ board, turns }) => {
        const letters = turns.map(({ moves }) => moves).join('')
        const [ours, theirs] = [grid(play(board, turns)), grid(playSliding(board, letters))]
        return ours === theirs ? null : `${ours} against ${theirs}`
      },
    ),
  ],
  reversi: [
    probe<{ moves: readonly Move[] }>(
      'other-reading-printed-board',
      'playing the moves on the printed board gives another board',
      ({ moves }, sample) => {
        const rows = sample.question?.match(/^[01*]+$/gm)
        const key = stored(sample).solution
        if (!rows || typeof key !== 'string' || rows.length !== rows[0]!.length) return undefined
        const cells = cellsOf(rows)
        for (const move of moves) makeMove(cells, rows.length, move, 'places-anyway')
        const [ours, theirs] = [key.replaceAll(',', ''), symbolsOf(cells)]
        return ours === theirs ? null : `${ours} against ${theirs}`
      },
    ),
  ],
  'string-insertion': [
    probe<{ text: string; rules: readonly InsertionRule[] }>(
      'other-reading-first-only',
      'inserting behind the first occurrence of each pattern only gives another string',
      ({ text, rules }) => {
        const [ours, theirs] = [allRounds(text, rules, 1).at(-1)!, firstOnly(text, rules, 1)]
        return ours === theirs ? null : `${ours} against ${theirs}`
      },
    ),
  ],
  'string-deletion-and-modification': [
    otherRewriting(
      'other-reading-round-robin',
      'visiting the rules in turn gives another string, or none',
      ({ text, rules }) => roundRobin(text, rules, steps),
    ),
    otherRewriting(
      'other-reading-exhausting',
      'applying each rule as often as possible gives another string, or none',
      ({ text, rules }) => exhaustingRules(text, rules, steps),
    ),
    otherRewriting(
      'other-reading-left-middle',
      'taking the left of two middle letters gives another string, or none',
      leftMiddle,
    ),
  ],
  'string-splitting': [
    otherOrder('other-reading-exhausting', 'each method as often as possible gives other counts', inTurn, exhausting),
  ],
  'synthesis-decomposition': [
    otherOrder('other-reading-exhausting', 'each method as often as possible gives other counts', inTurn, exhausting),
    otherOrder(
      'other-reading-from-top',
      'starting again at the first method after every step gives other counts',
      inTurn,
      fromTop,
    ),
  ],
  'string-synthesis': [
    otherOrder('other-reading-in-turn', 'each method once per visit gives other counts', exhausting, inTurn),
  ],
  'statistical-counting': [
    otherScore('once', 'points once for every letter give another total'),
    otherScore('pair', 'points for every adjacent pair give another total'),
    otherScore('letter', 'points for every letter of a run give another total'),
  ],
}
