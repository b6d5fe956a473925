/** A column: its heading and whether its cells are numbers, which stand to the right. */
export interface Column {
  readonly head: string
  readonly number?: boolean
}

export type Cells = readonly (readonly string[])[]

/** Columns as wide as their widest cell, two blanks between them, a rule below the heading. */
export function alignedTable(columns: readonly Column[], rows: Cells): string {
  const widths = columns.map(({ head }, i) => Math.max(head.length, ...rows.map(row => row[i]!.length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (columns[i]!.number ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  const rule = widths.map(width => '─'.repeat(width)).join('  ')
  return [line(columns.map(column => column.head)), rule, ...rows.map(line)].map(text => `${text}\n`).join('')
}

/** A GitHub-flavoured Markdown table. */
export function markdownTable(columns: readonly Column[], rows: Cells): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  const marks = columns.map(column => (column.number ? '---:' : '---'))
  return [line(columns.map(column => column.head)), line(marks), ...rows.map(line)].join('')
}

/** RFC 4180, with line feeds; an empty cell where there is no value. */
export function csvText(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null) => {
    const text = value === null ? '' : String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [head, ...rows].map(row => `${row.map(cell).join(',')}\n`).join('')
}
