/** A way to turn or mirror a square board: where a cell (0-based) comes to lie. */
export type Turning = (row: number, column: number) => readonly [row: number, column: number]

/** The eight ways to turn and mirror a board of `size` rows and columns, the one that leaves it alone first. */
export function turnings(size: number): readonly Turning[] {
  const last = size - 1
  const turns: readonly Turning[] = [
    (r, c) => [r, c],
    (r, c) => [c, last - r],
    (r, c) => [last - r, last - c],
    (r, c) => [last - c, r],
  ]
  return turns.flatMap((turn): Turning[] => [turn, (r, c) => turn(c, r)])
}

/** A board (rows of cells) turned. */
export function turned<T>(rows: readonly (readonly T[])[], turning: Turning): T[][] {
  const result: T[][] = rows.map(row => [...row])
  for (const [r, row] of rows.entries()) {
    for (const [c, cell] of row.entries()) {
      const [to, at] = turning(r, c)
      result[to]![at] = cell
    }
  }
  return result
}

/** The first of several texts in dictionary order: what all symmetric forms of a puzzle share. */
export const leastOf = (texts: readonly string[]): string => [...texts].sort()[0] ?? ''
