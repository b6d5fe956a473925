import type { Command } from 'commander'
import { openToRead } from '../../store/open-store.ts'
import type { Summary } from '../../store/run-store.ts'
import { type Pairs, pairsOf } from '../../training/router/pairs.ts'
import { parseWhole } from '../../util/units.ts'

/** What training and evaluation have in common. */
export interface RouterRunFlags {
  readonly text: string
  readonly code: string
  readonly seed: number
  readonly folds: number
}

export function addRouterRunOptions(command: Command): Command {
  return command
    .argument('<runs...>', 'stored runs that hold answers of both methods')
    .option('--text <method>', 'the method (or its label) that answers in words', 'all-text-cot')
    .option('--code <method>', 'the method (or its label) that answers by a program', 'all-code-cot')
    .option('--folds <n>', 'parts that tasks are dealt into to be held out', parseWhole('--folds', 2, 37), 10)
    .option('--seed <n>', 'deals the tasks', parseWhole('--seed', 0, 2 ** 31), 1)
}

/** Answers of stored runs, paired by question. Throws InputError or StoreError. */
export async function readPairs(
  runs: readonly string[],
  flags: RouterRunFlags,
): Promise<{ readonly found: Pairs; readonly names: readonly string[] }> {
  const rows: Summary[] = []
  const names: string[] = []
  for (const run of runs) {
    const { name, store } = await openToRead(run)
    try {
      names.push(name)
      rows.push(...(await store.summaries()))
    } finally {
      await store.close()
    }
  }
  return { found: await pairsOf(rows, { text: flags.text, code: flags.code }), names }
}

/** What was found and what was left out, in words. */
export function pairsText({ pairs, unscored, oneWay, otherVersion }: Pairs): string {
  const count = (text: boolean, code: boolean) =>
    pairs.filter(pair => pair.textRight === text && pair.codeRight === code).length
  const tasks = new Set(pairs.map(pair => pair.task)).size
  const left = [
    unscored > 0 ? `${unscored} unscored` : '',
    oneWay > 0 ? `${oneWay} answered one way only` : '',
    otherVersion > 0 ? `${otherVersion} of another version of their task` : '',
  ].filter(words => words !== '')
  return [
    `${pairs.length} questions of ${tasks} tasks answered both ways: only code right ${count(false, true)}, only text ${count(true, false)}, both ${count(true, true)}, neither ${count(false, false)}`,
    ...(left.length > 0 ? [`left out: ${left.join(', ')}`] : []),
  ].join('\n')
}

export const simulatedWords =
  'simulated: these answers are nobody’s accuracy, and a router trained on them knows the simulated apprentice only'
