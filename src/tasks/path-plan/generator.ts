import type { Rng } from '../../util/rng.ts'
import type { Rectangle } from './geometry.ts'

/** The size of an arena; lengths are counted in units, `perOne` units make 1. */
export interface Arena {
  readonly perOne: number
  /** From the middle to the inner side of a wall. */
  readonly half: number
  readonly boxes: number
  /** Shortest and longest side of a box. */
  readonly sides: readonly [number, number]
}

export interface Scene {
  readonly walls: readonly Rectangle[]
  readonly boxes: readonly Rectangle[]
  readonly start: readonly [number, number]
  readonly end: readonly [number, number]
}

/** Boxes keep this many units between them, and from the walls. */
const gap = 1
/** Tries for one box, and points for start and end, before the scene is begun anew. */
const maxTries = 400

/** A box-strewn arena with a start and an end far apart, both clear of all boxes. */
export function scene(rng: Rng, arena: Arena): Scene {
  for (;;) {
    const boxes = scatter(rng, arena)
    const ends = boxes && places(rng, arena, boxes)
    if (!boxes || !ends) continue
    const real = (units: number) => units / arena.perOne
    const [start, end] = ends.map(([x, y]) => [real(x), real(y)] as const)
    const [inner, outer] = [real(arena.half), real(arena.half + arena.perOne / 10)]
    return {
      walls: [
        [-outer, -inner, -outer, outer],
        [inner, outer, -outer, outer],
        [-outer, outer, -outer, -inner],
        [-outer, outer, inner, outer],
      ],
      boxes: boxes.map(([a, b, c, d]) => [real(a), real(b), real(c), real(d)]),
      start: start!,
      end: end!,
    }
  }
}

function scatter(rng: Rng, { half, boxes: count, sides }: Arena): Rectangle[] | null {
  const boxes: Rectangle[] = []
  for (let tries = 0; boxes.length < count; tries++) {
    if (tries > maxTries * count) return null
    const [width, height] = [rng.int(sides[0], sides[1]), rng.int(sides[0], sides[1])]
    const [x, y] = [width, height].map(side => rng.int(-half + gap, half - gap - side))
    const box: Rectangle = [x!, x! + width, y!, y! + height]
    if (!boxes.some(other => near(box, other, gap))) boxes.push(box)
  }
  return boxes
}

const near = (a: Rectangle, b: Rectangle, clear: number) =>
  a[0] < b[1] + clear && b[0] < a[1] + clear && a[2] < b[3] + clear && b[2] < a[3] + clear

/** Two free points, at least one arena half apart each way or both. */
function places(rng: Rng, { half }: Arena, boxes: readonly Rectangle[]): [number, number][] | null {
  const found: [number, number][] = []
  for (let tries = 0; tries < maxTries; tries++) {
    const [x, y] = [rng.int(1 - half, half - 1), rng.int(1 - half, half - 1)]
    if (boxes.some(box => near([x, x, y, y], box, 1))) continue
    const far = found.every(([fx, fy]) => Math.max(Math.abs(fx - x), Math.abs(fy - y)) >= half)
    if (far) found.push([x, y])
    if (found.length === 2) return found
  }
  return null
}
