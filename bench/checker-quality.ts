import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { analyseWith } from '../src/checkers/_shared/python/analyse.ts'
import { legacyReport } from '../src/checkers/_shared/python/legacy.ts'
import { pythonTools } from '../src/checkers/_shared/python/parse.ts'
import { adequateAbove, type Method } from '../src/checkers/_shared/python/report.ts'

export interface LabelledProgram {
  readonly name: string
  readonly source: string
  readonly adequate: boolean
  readonly method: Method
}

/** Of the programs called adequate, how many are; of the adequate ones, how many were called so. 0 to 1. */
export interface Quality {
  readonly n: number
  readonly accuracy: number
  readonly precision: number
  readonly recall: number
  /** Programs judged otherwise than their label. */
  readonly missed: readonly string[]
}

export interface MethodQuality {
  readonly n: number
  readonly accuracy: number
  /** By method: how many carry the label, how many were given it, how many of those rightly. */
  readonly byMethod: Readonly<Record<string, { labelled: number; given: number; right: number }>>
  readonly missed: readonly string[]
}

export interface SetQuality {
  readonly sound: Quality
  readonly legacy: Quality
  readonly method: MethodQuality
}

/** Reads the labelled programs of `test/checker-programs` (or its `holdout`), labels taken off. */
export function labelledPrograms(set: 'tuning' | 'holdout'): LabelledProgram[] {
  const path = set === 'holdout' ? '../test/checker-programs/holdout/' : '../test/checker-programs/'
  const folder = fileURLToPath(new URL(path, import.meta.url))
  return readdirSync(folder)
    .filter(name => name.endsWith('.py'))
    .sort()
    .map(name => {
      const text = readFileSync(folder + name, 'utf8')
      const [header, ...rest] = text.split('\n')
      const label = JSON.parse(header!.replace('# label: ', '')) as { adequate: boolean; method: Method }
      return { name, source: rest.join('\n'), ...label }
    })
}

/** Judges every program of a set by the sound and by the published rule. */
export async function qualityOf(programs: readonly LabelledProgram[]): Promise<SetQuality> {
  const tools = await pythonTools()
  const judged = programs.map(program => {
    const report = analyseWith(tools, program.source)
    const legacy = legacyReport(tools, program.source)
    return {
      program,
      sound: !report.lazy && !report.syntaxError && report.score > adequateAbove,
      legacy: legacy.score > adequateAbove,
      method: report.method,
    }
  })
  const binary = (call: 'sound' | 'legacy'): Quality => {
    const right = judged.filter(j => j[call] === j.program.adequate)
    const called = judged.filter(j => j[call])
    const adequate = judged.filter(j => j.program.adequate)
    const both = called.filter(j => j.program.adequate).length
    return {
      n: judged.length,
      accuracy: right.length / judged.length,
      precision: both / called.length,
      recall: both / adequate.length,
      missed: judged.filter(j => j[call] !== j.program.adequate).map(j => j.program.name),
    }
  }
  const byMethod: Record<string, { labelled: number; given: number; right: number }> = {}
  const row = (method: string) => {
    byMethod[method] ??= { labelled: 0, given: 0, right: 0 }
    return byMethod[method]
  }
  for (const { program, method } of judged) {
    row(program.method).labelled++
    row(method).given++
    if (method === program.method) row(method).right++
  }
  const wrong = judged.filter(j => j.method !== j.program.method)
  return {
    sound: binary('sound'),
    legacy: binary('legacy'),
    method: {
      n: judged.length,
      accuracy: 1 - wrong.length / judged.length,
      byMethod,
      missed: wrong.map(j => `${j.program.name}: ${j.method} for ${j.program.method}`),
    },
  }
}

/** The table of `docs/checkers.md`. */
export async function qualityTable(): Promise<string> {
  const percent = (x: number) => `${(100 * x).toFixed(0)} %`
  const lines = [
    '| programs | n | rule | adequate: precision | recall | accuracy | method label right |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ]
  for (const set of ['tuning', 'holdout'] as const) {
    const quality = await qualityOf(labelledPrograms(set))
    for (const rule of ['sound', 'legacy'] as const) {
      const { n, precision, recall, accuracy } = quality[rule]
      const label = rule === 'sound' ? percent(quality.method.accuracy) : '-'
      lines.push(
        `| ${set} | ${n} | ${rule} | ${percent(precision)} | ${percent(recall)} | ${percent(accuracy)} | ${label} |`,
      )
    }
  }
  return lines.join('\n')
}

if (import.meta.main) {
  console.log(await qualityTable())
  for (const set of ['tuning', 'holdout'] as const) {
    const quality = await qualityOf(labelledPrograms(set))
    console.log(`\n${set}, sound misses: ${quality.sound.missed.join(', ') || 'none'}`)
    console.log(`${set}, method misses: ${quality.method.missed.join(', ') || 'none'}`)
    const parts = Object.entries(quality.method.byMethod).map(
      ([method, m]) => `${method} ${m.right}/${m.given} of ${m.labelled}`,
    )
    console.log(`${set}, right/given of labelled: ${parts.join(', ')}`)
  }
}
