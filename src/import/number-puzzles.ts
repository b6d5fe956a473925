import { join } from 'node:path'
import { broken, type Entry, type Layout, listing, readText, Unreadable } from './entry.ts'

/**
 * `game24_dataset/<target>/*.csv` without quoting: the column `Puzzles` holds the numbers separated by blanks, the column
 * `Solutions`, where there is one, an expression. A file may hold its header alone.
 */
export const numberPuzzles: Layout = (root, at) =>
  listing(join(root, at), 'folders')
    .filter(target => /^\d+$/.test(target))
    .flatMap(target =>
      listing(join(root, at, target), 'files')
        .filter(file => file.endsWith('.csv'))
        .flatMap(file => rowsOf(root, at, `${target}/${file}`, Number(target))),
    )

function rowsOf(root: string, at: string, file: string, target: number): Entry[] {
  const path = `${at}/${file}`
  try {
    const [header, ...rows] = readText(join(root, path)).split(/\r?\n/)
    const columns = header!.split(',').map(name => name.trim())
    const [puzzles, solutions] = [columns.indexOf('Puzzles'), columns.indexOf('Solutions')]
    if (puzzles < 0) throw new Unreadable('its header has no column "Puzzles"')
    if (rows.at(-1) === '') rows.pop()
    return rows.map((row, index) => ({
      task: 'game-24',
      sample: `${file}:${index}`,
      path: `${path}, row ${index}`,
      read() {
        const cells = row.split(',')
        if (cells.length !== columns.length)
          throw new Unreadable(`${cells.length} cells where the header has ${columns.length}`)
        const numbers = cells[puzzles]!.trim().split(/\s+/).map(Number)
        if (!numbers.every(n => Number.isSafeInteger(n)) || cells[puzzles]!.trim() === '')
          throw new Unreadable(`"${cells[puzzles]!.slice(0, 40)}" is no list of numbers`)
        return {
          task: 'game-24',
          sample: `${file}:${index}`,
          question: null,
          solution: solutions < 0 ? null : cells[solutions]!.trim(),
          complexity: numbers.length,
          index,
          instance: { numbers, target },
        }
      },
    }))
  } catch (error) {
    return [broken('game-24', path, error)]
  }
}
