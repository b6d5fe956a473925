import { quote } from '../_shared/answers.ts'
import type { Parsed } from '../_shared/expression.ts'
import type { Move } from './solver.ts'

const block = String.raw`(?:\[([A-Za-z0-9]{1,20})\]|"([A-Za-z0-9]{1,20})"|([A-Za-z0-9]{1,20}))`
const stack = String.raw`(?:stack[ \t]*)?(?:\[(\d{1,6})\]|(\d{1,6}))`
/** List numbers, bullets, `Step 3:`. */
const lead = String.raw`(?:(?:[-*•]|(?:step[ \t]*)?\(?\d{1,6}[.:)])[ \t]*)?`
const line = new RegExp(
  String.raw`^[ \t]*${lead}move[ \t]+(?:the[ \t]+)?(?:block[ \t]+)?${block}[ \t]+from[ \t]+${stack}[ \t]+to[ \t]+${stack}[ \t]*[.,;]?[ \t]*$`,
  'i',
)

/** One move per line, stacks numbered from 1. */
export function showMoves(moves: readonly Move[]): string {
  return moves.map(({ block, from, to }) => `Move ${block} from ${from + 1} to ${to + 1}`).join('\n')
}

/**
 * Reads one move per line; blank lines are skipped, stacks may be written `2`, `stack2` or `stack 2`. An empty text is an
 * empty plan.
 */
export function readMoves(text: string): Parsed<Move[]> {
  const moves: Move[] = []
  for (const [i, row] of text.split(/\r\n|[\n\r]/).entries()) {
    if (row.trim() === '') continue
    const found = row.length > 300 ? null : line.exec(row.replaceAll('\u00a0', ' '))
    if (!found) return { ok: false, why: `line ${i + 1} is no move: ${quote(row)}` }
    const [, a, b, c, from1, from2, to1, to2] = found
    moves.push({ block: (a ?? b ?? c)!, from: Number(from1 ?? from2) - 1, to: Number(to1 ?? to2) - 1 })
  }
  return { ok: true, value: moves }
}
