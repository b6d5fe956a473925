import type { Parsed } from './expression.ts'

/** The cells of a grid as answered. `widths` are the lengths of its rows where the text shows rows, else null. */
export interface Cells {
  readonly cells: readonly string[]
  readonly widths: readonly number[] | null
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const token = /[()[\]{}]|,|;|\n|[^\s,;()[\]{}]+/g

/**
 * Reads a grid in any of the spellings that people and programs use: a flat list or rows, separated by commas, semicolons,
 * blanks or lines, with or without brackets (JSON, Python, numpy) and quotes. Cells therefore never hold blanks, commas,
 * semicolons, brackets or quotes. Rows are the inner brackets, else the lines. Linear in the text; callers bound it.
 */
export function readCells(text: string): Parsed<Cells> {
  const cells: string[] = []
  const lines: number[] = [0]
  /** Cells directly inside each bracket pair that holds cells, in the order of their opening. */
  const groups: number[] = []
  const open: { readonly close: string; group: number | null }[] = []
  let outside = 0
  let before = ''
  for (const [found] of text.replace(/["'`“”‘’]/g, '').matchAll(token)) {
    const close = closing[found]
    if (close !== undefined) {
      if (open.length === 2) return { ok: false, why: 'brackets nested deeper than rows in a grid' }
      open.push({ close, group: null })
    } else if (/^[)\]}]$/.test(found)) {
      if (open.pop()?.close !== found) return { ok: false, why: `a "${found}" without its opening bracket` }
    } else if (found === ',' || found === ';') {
      if (before === '' || before === ',' || closing[before] !== undefined) {
        return { ok: false, why: 'a comma without a value before it' }
      }
    } else if (found === '\n') {
      if (lines.at(-1)! > 0) lines.push(0)
    } else {
      cells.push(found)
      lines[lines.length - 1]! += 1
      const inner = open.at(-1)
      if (inner === undefined) outside++
      else {
        if (inner.group === null) inner.group = groups.push(0) - 1
        groups[inner.group]! += 1
      }
    }
    if (found !== '\n') before = found === ';' ? ',' : found
  }
  if (open.length > 0) return { ok: false, why: `a "${open.at(-1)!.close}" is missing` }
  if (groups.length > 0 && outside > 0) return { ok: false, why: 'values inside and outside of brackets' }
  if (groups.length > 1) return { ok: true, value: { cells, widths: groups } }
  if (lines.at(-1) === 0) lines.pop()
  // One value per line is a flat list written downwards.
  const rows = lines.length > 1 && lines.some(width => width > 1)
  return { ok: true, value: { cells, widths: rows ? lines : null } }
}

/** Why shown rows do not make a grid of this shape, or null when they do or no rows are shown. */
export function shapeFault({ widths }: Cells, rows: number, columns: number): string | null {
  if (widths === null) return null
  if (widths.length !== rows) return `${widths.length} rows, not ${rows}`
  const at = widths.findIndex(width => width !== columns)
  return at < 0 ? null : `row ${at + 1} has ${widths[at]} values, not ${columns}`
}
