import type { Rectangle } from './geometry.ts'

/** What the map shows. */
export interface MapData {
  readonly walls: readonly Rectangle[]
  readonly start: readonly [number, number]
  readonly end: readonly [number, number]
  readonly visit: readonly Rectangle[]
  readonly avoid: readonly Rectangle[]
  readonly other: readonly Rectangle[]
}

const [width, height] = [76, 38]

/** The arena in characters, y upwards: `X` wall, `#` to avoid, `o` to visit, `.` other boxes, `S` start, `E` end. */
export function drawnMap({ walls, start, end, visit, avoid, other }: MapData): string {
  const all = [...walls, ...visit, ...avoid, ...other]
  const [left, right] = [Math.min(...all.map(r => r[0])), Math.max(...all.map(r => r[1]))]
  const [low, high] = [Math.min(...all.map(r => r[2])), Math.max(...all.map(r => r[3]))]
  const [stepX, stepY] = [(right - left) / width, (high - low) / height]
  /** Whether a rectangle reaches so near to the middle of a character; walls are thinner than one. */
  const holds = (list: readonly Rectangle[], x: number, y: number, nearX = 0, nearY = 0) =>
    list.some(([a, b, c, d]) => a - nearX <= x && x <= b + nearX && c - nearY <= y && y <= d + nearY)
  const cell = (row: number, col: number): string => {
    const [x, y] = [left + (col + 0.5) * stepX, high - (row + 0.5) * stepY]
    const is = ([px, py]: readonly [number, number]) =>
      Math.floor((px - left) / stepX) === col && Math.floor((high - py) / stepY) === row
    if (is(start)) return 'S'
    if (is(end)) return 'E'
    if (holds(walls, x, y, stepX / 2, stepY / 2)) return 'X'
    if (holds(avoid, x, y)) return '#'
    if (holds(visit, x, y)) return 'o'
    return holds(other, x, y) ? '.' : ' '
  }
  const rows = Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, col) => cell(row, col))
      .join('')
      .trimEnd(),
  )
  return [...rows, 'S start, E end, o to visit, # to avoid, . other boxes, X walls'].join('\n')
}
