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
  for (let i = 0; i < 10; i++) {
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
  }
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
}
