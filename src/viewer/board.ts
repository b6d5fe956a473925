import { puzzleOf } from '../experiment/rescore.ts'
import type { Trajectory } from '../trajectory.ts'

/** A question's puzzle for the eye: as plain text, and as cells where the text begins with a grid. */
export interface Board {
  readonly board: string | null
  readonly grid: readonly (readonly string[])[] | null
}

const none: Board = { board: null, grid: null }

/** Draws the question of a task again from its coordinates; free questions and tasks that draw nothing have no board. */
export async function boardOf({ start }: Trajectory): Promise<Board> {
  const at = start.question.coordinates
  if (!at) return none
  const item = { ...at, taskVersion: at.version, key: '', label: '', method: '', model: '', trial: 0 }
  const found = await puzzleOf(item, start.question.prompt).catch(() => 'not drawn')
  if (typeof found === 'string' || !found.task.show) return none
  const board = found.task.show(found.puzzle)
  return { board, grid: gridOf(board) }
}

const longestCell = 3
const leastRows = 2
const leastColumns = 3

/**
 * The cells of the grid with which a drawing begins, or null. A grid is two rows or more of equally many short words, three
 * at least; a first row that is one short holds the columns' names. Drawn lines between cells are left out; rows of
 * characters without blanks are read character by character.
 */
export function gridOf(text: string): string[][] | null {
  const rows: string[][] = []
  for (const line of text.split('\n')) {
    if (/^[\s+|-]+$/.test(line) && line.includes('-')) continue
    const words = line.replaceAll('|', ' ').trim().split(/\s+/)
    const cells = words.length === 1 && /^[.*#SEX]{3,40}$/.test(words[0]!) ? [...words[0]!] : words
    if (cells.length < leastColumns || cells.some(cell => cell.length > longestCell)) break
    const width = rows.at(-1)?.length ?? cells.length
    if (cells.length === width + 1 && rows.length === 1) rows[0]!.unshift('')
    else if (cells.length !== width) break
    rows.push(cells)
  }
  return rows.length < leastRows ? null : rows
}
