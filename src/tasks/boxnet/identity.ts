import { type Field, placesByColour } from './solver.ts'

/**
 * A form shared by fields that differ only in the colours' names or are mirrored or turned: of all the ways to lay the
 * grid, the one with the smallest text.
 */
export function canonicalField({ rows, cols, squares }: Field): string {
  const places = [...placesByColour(squares).values()]
  const turns: ((r: number, c: number) => readonly [number, number])[] = [
    (r, c) => [r, c],
    (r, c) => [rows - 1 - r, c],
    (r, c) => [r, cols - 1 - c],
    (r, c) => [rows - 1 - r, cols - 1 - c],
  ]
  // A grid and its transpose are the same question too: the shorter side counts as the rows.
  const flips = rows === cols ? [false, true] : [rows > cols]
  let best: string | undefined
  for (const turn of turns) {
    for (const flip of flips) {
      const placed = (square: number) => {
        const [r, c] = turn(Math.floor(square / cols), square % cols)
        return flip ? c * rows + r : r * cols + c
      }
      const sorted = (list: readonly number[]) => list.map(placed).sort((a, b) => a - b)
      const text = places
        .map(({ boxes, targets }) => `${sorted(boxes)}|${sorted(targets)}`)
        .sort()
        .join(' ')
      if (best === undefined || text < best) best = text
    }
  }
  return `${Math.min(rows, cols)}x${Math.max(rows, cols)} ${best}`
}
