import { quote } from './answers.ts'
import type { Parsed } from './expression.ts'
import { undressed } from './listed.ts'

export type Position = readonly [row: number, column: number]

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const pattern = /[+-]?[0-9]+(?![0-9.])|[()[\]{},;]|\n/y
const blanks = /[^\S\n]*/y

/** Numbers, brackets, commas and line breaks (a semicolon is a line break); null when anything else stands in the text. */
function tokensOf(text: string): string[] | null {
  const tokens: string[] = []
  for (let at = 0; ; ) {
    blanks.lastIndex = at
    blanks.exec(text)
    at = blanks.lastIndex
    if (at >= text.length) return tokens
    pattern.lastIndex = at
    const token = pattern.exec(text)?.[0]
    if (token === undefined) return null
    at += token.length
    // Two numbers in one are none: `3-4` is not `3 -4`.
    if (/^[-+]/.test(token) && /[0-9]/.test(text[at - token.length - 1] ?? '')) return null
    tokens.push(token === ';' ? '\n' : token)
  }
}

const isNumber = (token: string | undefined): token is string => token !== undefined && /[0-9]$/.test(token)

/** `0 3, 1 0`, `(0, 3), (1, 0)`, `[0 3] [1 0]`, pairs on lines of their own. */
function pairsIn(tokens: readonly string[]): Position[] | null {
  const pairs: Position[] = []
  let at = 0
  const skipLines = () => {
    while (tokens[at] === '\n') at++
  }
  for (skipLines(); at < tokens.length; ) {
    const close = closing[tokens[at]!]
    if (close !== undefined) at++
    // Within brackets line breaks are mere blanks, and a comma may stand between the two numbers.
    const within = (comma: boolean) => {
      if (close === undefined) return
      skipLines()
      if (comma && tokens[at] === ',') at++
      skipLines()
    }
    within(false)
    const row = tokens[at++]
    within(true)
    const column = tokens[at++]
    if (!isNumber(row) || !isNumber(column)) return null
    pairs.push([Number(row), Number(column)])
    within(false)
    if (close !== undefined && tokens[at++] !== close) return null
    const end = at
    skipLines()
    if (tokens[at] === ',') at++
    // Brackets keep pairs apart by themselves; bare numbers need a comma or a line break between pairs.
    else if (end === at && at < tokens.length && (close === undefined || closing[tokens[at]!] === undefined))
      return null
    skipLines()
  }
  return pairs
}

/** Lines of `0, 3` each. */
function pairPerLine(tokens: readonly string[]): Position[] | null {
  const pairs: Position[] = []
  const lines: string[][] = [[]]
  for (const token of tokens) {
    if (token === '\n') lines.push([])
    else lines.at(-1)!.push(token)
  }
  for (const line of lines) {
    if (line.at(-1) === ',') line.pop()
    if (line.length === 0) continue
    if (line.length !== 3 || !isNumber(line[0]) || line[1] !== ',' || !isNumber(line[2])) return null
    pairs.push([Number(line[0]), Number(line[2])])
  }
  return pairs
}

/**
 * A list of `row column` pairs, complete: pairs with a blank or comma between their numbers in round or square brackets,
 * bare pairs `r c` separated by commas, semicolons or lines, or lines of `r, c`; the whole optionally in brackets, fenced
 * or labelled. A flat list `0, 3, 1, 0` is refused: it does not say which numbers belong together. Linear in the text.
 */
export function readPositions(answer: string, maxLength: number): Parsed<Position[]> {
  const text = undressed(answer, maxLength)
  if (text === null) return { ok: false, why: `longer than ${maxLength} characters` }
  const unquoted = text.replace(/["'`]/g, '')
  let tokens = tokensOf(unquoted)
  if (tokens === null)
    return { ok: false, why: `${quote(text)} holds more than pairs of whole numbers, brackets and commas` }
  for (let depth = 0; depth < 3; depth++) {
    const pairs: Position[] | null = pairsIn(tokens) ?? pairPerLine(tokens)
    if (pairs !== null && pairs.length > 0) return { ok: true, value: pairs }
    const close: string | undefined = closing[tokens[0] ?? '']
    if (close === undefined || tokens.at(-1) !== close) break
    tokens = tokens.slice(1, -1)
  }
  return { ok: false, why: `${quote(text)} is no list of pairs "row column" separated by commas` }
}

/** The asked form: `0 3, 1 0`. */
export const showPositions = (positions: readonly Position[]): string =>
  positions.map(([row, column]) => `${row} ${column}`).join(', ')
