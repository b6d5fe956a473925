import { analyseWith } from '../src/checkers/_shared/python/analyse.ts'
import { pythonTools } from '../src/checkers/_shared/python/parse.ts'
import { labelledPrograms } from './checker-quality.ts'

export interface CheckerBench {
  /** Programs of about 100 lines each, joined from the labelled ones. */
  readonly programs: number
  readonly lines: number
  readonly runs: number
  /** Medians over runs of the mean over programs, per 100 lines. */
  readonly analyseMsPer100Lines: number
  readonly parseMsPer100Lines: number
  /** The whole analysis against a bare tree-sitter parse of the same text in the same run. */
  readonly ratioToParse: number
  /** The fastest runs, where nothing else got in the way: what an idle machine takes. */
  readonly fastest: { readonly analyseMsPer100Lines: number; readonly parseMsPer100Lines: number }
}

export interface HostileBench {
  readonly name: string
  readonly kilobytes: number
  /** Best of the runs. */
  readonly analyseMs: number
  readonly parseMs: number
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** Times the sound analysis, interleaved with bare parses so that both meet the same machine. */
export async function measure(runs = 41, clock: () => number = () => performance.now()): Promise<CheckerBench> {
  const tools = await pythonTools()
  const programs = hundredLinePrograms()
  const lines = programs.reduce((sum, text) => sum + text.split('\n').length, 0)
  const timed = (work: (source: string) => unknown): number => {
    const start = clock()
    for (const source of programs) work(source)
    return ((clock() - start) / lines) * 100
  }
  const analyse = (source: string) => analyseWith(tools, source)
  const parse = (source: string) => tools.parseOnly(source)
  // V8 has compiled the last of the rules after some 400 programs.
  for (let i = 0; i < 60; i++) {
    timed(analyse)
    timed(parse)
  }
  const pairs = Array.from({ length: runs }, () => [timed(analyse), timed(parse)] as const)
  const analyseMs = median(pairs.map(pair => pair[0]))
  const parseMs = median(pairs.map(pair => pair[1]))
  return {
    programs: programs.length,
    lines,
    runs,
    analyseMsPer100Lines: analyseMs,
    parseMsPer100Lines: parseMs,
    ratioToParse: median(pairs.map(pair => pair[0] / pair[1])),
    fastest: {
      analyseMsPer100Lines: Math.min(...pairs.map(pair => pair[0])),
      parseMsPer100Lines: Math.min(...pairs.map(pair => pair[1])),
    },
  }
}

const repeated = (times: number, line: (i: number) => string) => Array.from({ length: times }, (_, i) => line(i))

/** Programs of up to 150 kB of one thing. */
const hostile: readonly (readonly [name: string, source: string])[] = [
  ['11,000 prints', repeated(11_000, () => 'print(1)').join('\n')],
  [
    '5,000 elifs',
    `x = 5\nif x:\n    y = 1\n${repeated(5000, i => `elif x == ${i}:\n    y = ${i}\n`).join('')}print(y)`,
  ],
  ['10,000 assignments to a name', `${repeated(10_000, i => `x = ${i}\n`).join('')}print(x)`],
  ['a sum of 1,400 products', `x = 1\nprint(${repeated(1400, i => `x * ${i}`).join(' + ')})`],
  [
    '2,500 methods of one name',
    `class A:\n${repeated(2500, i => `    def m(self): return self.m() + ${i}\n`).join('')}print(A().m())`,
  ],
  [
    '90 nested ifs',
    `${repeated(90, i => `${' '.repeat(i)}if x${i}:\n`).join('')}${repeated(900, i => `${' '.repeat(90)}y${i} = x0\n`).join('')}print(y1)`,
  ],
  ['60 nested calls of len', `x = [1]\nprint(${'len('.repeat(60)}x${')'.repeat(60)})`],
  ['100,000 open brackets', '('.repeat(100_000)],
  ['100,000 minus signs', `x = ${'-'.repeat(100_000)}1`],
  ['an f-string of 30,000 parts', `x = 1\nprint(f"${'{x}'.repeat(30_000)}")`],
  ['100,000 quotes', '"'.repeat(100_000)],
]

/** Programs made to be slow to read. */
export async function measureHostile(runs = 5, clock: () => number = () => performance.now()): Promise<HostileBench[]> {
  const tools = await pythonTools()
  const best = (work: () => unknown): number => {
    const times = Array.from({ length: runs }, () => {
      const start = clock()
      work()
      return clock() - start
    })
    return Math.min(...times)
  }
  return hostile.map(([name, source]) => ({
    name,
    kilobytes: source.length / 1000,
    analyseMs: best(() => analyseWith(tools, source)),
    parseMs: best(() => tools.parseOnly(source)),
  }))
}

/** The labelled programs that parse, joined to texts of about 100 lines. */
function hundredLinePrograms(): string[] {
  const texts: string[] = []
  let text = ''
  for (const program of labelledPrograms('tuning')) {
    if (/^(broken|prose|comment)/.test(program.name)) continue
    text += `${program.source}\n`
    if (text.split('\n').length > 100) {
      texts.push(text)
      text = ''
    }
  }
  return texts
}

if (import.meta.main) {
  const result = await measure()
  const { analyseMsPer100Lines: analyse, parseMsPer100Lines: parse } = result
  console.log(`${result.programs} programs, ${result.lines} lines, median of ${result.runs} runs after warm-up`)
  console.log(`analyse            ${analyse.toFixed(3)} ms per 100 lines`)
  console.log(`tree-sitter alone  ${parse.toFixed(3)} ms per 100 lines`)
  console.log(`ratio              ${result.ratioToParse.toFixed(2)}`)
  const { fastest } = result
  const ratio = fastest.analyseMsPer100Lines / fastest.parseMsPer100Lines
  console.log(
    `fastest runs       ${fastest.analyseMsPer100Lines.toFixed(3)} and ${fastest.parseMsPer100Lines.toFixed(3)} ms, ratio ${ratio.toFixed(2)}`,
  )
  console.log('\nhostile programs, best of 5 runs: analyse, of which the bare parse')
  for (const { name, kilobytes, analyseMs, parseMs } of await measureHostile()) {
    console.log(
      `${name.padEnd(30)} ${kilobytes.toFixed(0).padStart(4)} kB ${analyseMs.toFixed(0).padStart(5)} ms ${parseMs.toFixed(0).padStart(5)} ms`,
    )
  }
}
