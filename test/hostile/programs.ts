import { readdirSync, readFileSync } from 'node:fs'

/** A hostile program with what its header says. */
export interface HostileProgram {
  readonly name: string
  readonly source: string
  /** What it tries, and what must be observed: for the reader of a failed test. */
  readonly tries: string
  readonly observe: string
  /** The outcomes of which one must come; empty: any. */
  readonly outcomes: readonly string[]
  readonly limitMs: number
  readonly stdoutHas: string | undefined
  readonly exitCodeNot: number | undefined
}

const folder = new URL('programs/', import.meta.url)

/** Reads all programs. Throws for a header that lacks a line or has an unknown one. */
export function hostilePrograms(): HostileProgram[] {
  const files = readdirSync(folder).filter(file => file.endsWith('.py'))
  return files.sort().map(file => parse(file.slice(0, -3), readFileSync(new URL(file, folder), 'utf8')))
}

const keys = ['tries', 'observe', 'expect', 'outcome', 'limit-ms', 'stdout-has', 'exit-code-not']

function parse(name: string, source: string): HostileProgram {
  const header = new Map<string, string>()
  for (const line of source.split('\n')) {
    const [, key, value] = /^# ([\w-]+): (.*)$/.exec(line) ?? []
    if (!key || !value) break
    if (!keys.includes(key)) throw new Error(`${name}.py: the header knows no "${key}"; it knows ${keys.join(', ')}`)
    header.set(key, value)
  }
  const [tries, observe] = [header.get('tries'), header.get('observe')]
  if (!tries || !observe || header.get('expect') !== 'contained') {
    throw new Error(`${name}.py: the header must say "tries", "observe" and "expect: contained"`)
  }
  const exitCodeNot = header.get('exit-code-not')
  return {
    name,
    source,
    tries,
    observe,
    outcomes: header.get('outcome')?.split('|') ?? [],
    limitMs: Number(header.get('limit-ms') ?? 3000),
    stdoutHas: header.get('stdout-has'),
    exitCodeNot: exitCodeNot === undefined ? undefined : Number(exitCodeNot),
  }
}
