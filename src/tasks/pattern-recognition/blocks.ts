import type { Rng } from '../../util/rng.ts'

/** A square block of one letter by its bottom right cell, from 0. */
export interface Block {
  readonly row: number
  readonly column: number
  readonly side: number
}

/** For every cell, row after row, the side of the largest block of one letter that ends there at the bottom right. */
export function sides(cells: ArrayLike<number | string>, columns: number): Uint16Array {
  const found = new Uint16Array(cells.length).fill(1)
  for (let at = columns + 1; at < cells.length; at++) {
    if (at % columns === 0) continue
    const letter = cells[at]
    const [left, up, corner] = [at - 1, at - columns, at - columns - 1]
    if (cells[left] === letter && cells[up] === letter && cells[corner] === letter) {
      found[at] = 1 + Math.min(found[left]!, found[up]!, found[corner]!)
    }
  }
  return found
}

/** The largest blocks of a matrix, in reading order of their bottom right cells. */
export function largestBlocks(rows: readonly string[]): Block[] {
  const columns = rows[0]!.length
  const found = sides(rows.join(''), columns)
  let side = 1
  for (const here of found) if (here > side) side = here
  const blocks: Block[] = []
  for (const [at, here] of found.entries()) {
    if (here === side) blocks.push({ row: Math.floor(at / columns), column: at % columns, side })
  }
  return blocks
}

/** How a level's matrices are made; ranges with both ends included. */
export interface Recipe {
  readonly side: readonly [number, number]
  readonly block: readonly [number, number]
  readonly letters: number
  /** Shapes that look like blocks and are none, or smaller ones. */
  readonly decoys: number
}

/** A decoy: a smaller block, a block with one cell spoiled, a bar too thin, or a frame. */
function paintDecoy(
  rng: Rng,
  paint: (r: number, c: number, letter: number) => void,
  side: number,
  letters: number,
): void {
  const letter = rng.int(0, letters - 1)
  const other = (letter + rng.int(1, letters - 1)) % letters
  const kind = rng.pick(['smaller', 'spoiled', 'bar', 'frame'] as const)
  const height = kind === 'bar' || kind === 'smaller' ? side - 1 : side
  const width = kind === 'bar' ? side + rng.int(0, 2) : height
  const upright = rng.chance(0.5)
  const hole = [rng.int(0, height - 1), rng.int(0, width - 1)] as const
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const inner = r > 0 && c > 0 && r < height - 1 && c < width - 1
      const spoiled = kind === 'frame' ? inner : kind === 'spoiled' && r === hole[0] && c === hole[1]
      paint(upright ? r : c, upright ? c : r, spoiled ? other : letter)
    }
  }
}

/** A matrix of letters (rows) with exactly one largest block. */
export function drawMatrix(rng: Rng, recipe: Recipe): string[] {
  const { letters } = recipe
  const [rows, columns] = [rng.int(recipe.side[0], recipe.side[1]), rng.int(recipe.side[0], recipe.side[1])]
  const most = Math.min(recipe.block[1], Math.floor(Math.min(rows, columns) / 2))
  const side = rng.int(Math.min(recipe.block[0], most), most)
  const cells = Uint8Array.from({ length: rows * columns }, () => rng.int(0, letters - 1))
  for (let i = 0; i < recipe.decoys; i++) {
    const [top, left] = [rng.int(0, rows - side), rng.int(0, columns - side)]
    paintDecoy(
      rng,
      (r, c, letter) => {
        if (top + r < rows && left + c < columns) cells[(top + r) * columns + left + c] = letter
      },
      side,
      letters,
    )
  }
  const [top, left, letter] = [rng.int(0, rows - side), rng.int(0, columns - side), rng.int(0, letters - 1)]
  const within = (r: number, c: number) => r >= top && r < top + side && c >= left && c < left + side
  for (let r = top - 1; r <= top + side; r++) {
    for (let c = left - 1; c <= left + side; c++) {
      if (r < 0 || c < 0 || r >= rows || c >= columns) continue
      // Some equal letters beside the block, so that its edge must be looked at.
      if (within(r, c) || rng.chance(0.3)) cells[r * columns + c] = letter
    }
  }
  spoilOthers(rng, cells, columns, letters, side, within)
  const names = rng.sample([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'], letters)
  const text = Array.from(cells, cell => names[cell]).join('')
  return Array.from({ length: rows }, (_, r) => text.slice(r * columns, (r + 1) * columns))
}

/** Changes single cells outside the block until it alone has its side. */
function spoilOthers(
  rng: Rng,
  cells: Uint8Array,
  columns: number,
  letters: number,
  side: number,
  within: (row: number, column: number) => boolean,
): void {
  for (let changed = true; changed; ) {
    changed = false
    for (const [at, here] of sides(cells, columns).entries()) {
      const [row, column] = [Math.floor(at / columns), at % columns]
      if (here < side || (here === side && within(row, column) && within(row - side + 1, column - side + 1))) continue
      const outside: number[] = []
      for (let r = row - here + 1; r <= row; r++) {
        for (let c = column - here + 1; c <= column; c++) if (!within(r, c)) outside.push(r * columns + c)
      }
      const spot = rng.pick(outside)
      cells[spot] = (cells[spot]! + rng.int(1, letters - 1)) % letters
      changed = true
    }
  }
}
