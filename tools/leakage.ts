// Do the train and test pools share puzzles, or nearly? npm run leakage [-- --count 1000] [--task slug]… [--json]
// Over all tasks it writes docs/leakage.md. Ends with 1 when a puzzle or a prompt is in both pools.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { progressOf } from '../src/cli/_shared/progress.ts'
import { load, names } from '../src/registry.ts'
import type { Task } from '../src/task.ts'
import { parseWhole } from '../src/util/units.ts'
import { version } from '../src/version.ts'
import { type LeakageResult, leakageOf, nearFrom } from './leakage-measure.ts'

/** The page docs/leakage.md; the same code gives the same page. */
export function leakagePage(results: readonly LeakageResult[], perPool: number): string {
  const sum = (of: (result: LeakageResult) => number) => results.reduce((total, result) => total + of(result), 0)
  const compared = sum(result => result.perPool)
  return `<!-- Produced by \`npm run leakage\`; run it again, do not edit. -->
# Do the train and test pools leak into each other?

${results.length} tasks, ${perPool.toLocaleString('en')} questions per task and pool, spread evenly over the levels, seeds from 0. codesteer ${version}.
Command: \`npm run leakage -- --count ${perPool}\`.

**${sum(result => result.identical)} puzzles and ${sum(result => result.samePrompt)} prompts are in both pools**, of ${compared.toLocaleString('en')} in each.

What the numbers mean:

- *Identical* counts test puzzles that are also in the train pool by their identity, the canonical form in which renamed
  symbols, permuted lists and the like are the same puzzle. The identity's own hash decides which pool a puzzle belongs to, so
  this can only be 0 while that works. *Repeated* counts test draws that repeat an earlier one, of this or another level.
- *Nearest* is about puzzles that are different but similar. Prompts of one task share their rules word for word, so only the
  puzzle's own data is compared: the canonical JSON of its identity, and that of the puzzle itself (some identities hold
  hashes), each as a set of character 5-grams; the higher similarity counts. The similarity of two is the Jaccard index, shared
  5-grams over all 5-grams of both: 1 for the same set, 0 for nothing in common. For each test puzzle the most similar train
  puzzle of its level is looked for, exactly, not by sampling; the median over the test puzzles is given.
- *Near* is the share of test puzzles whose nearest train puzzle has ${nearFrom} or more. *Near within test* is the same against the
  other test puzzles. Where the two are about equal the similarity is in the nature of the task: few symbols, field names that
  every puzzle has, short data. A share much above the one within would be a leak.
- *Near by 12-grams* tells likeness from saturation: a long text of few different characters holds nearly every 5-gram there is,
  so the largest boards come out as alike without sharing anything; copies with a few changes still share their 12-grams.

A high share says that a learner who knows the train pool has seen much that looks alike; it has not seen the answers, which
change with one digit or symbol. Report such levels with that in mind.

| task | identical | same prompt | repeated | nearest, median | near | near within test | near by 12-grams | levels with near puzzles | nearest pair |
|---|---:|---:|---:|---:|---:|---:|---:|---|---|
${results.map(row).join('\n')}
`
}

function row(result: LeakageResult): string {
  const { nearest } = result
  const levels = result.nearLevels.map(({ level, share }) => `${level} (${percent(share)})`).join(', ')
  const pair = `${nearest.similarity.toFixed(2)} ${nearest.id} – ${nearest.other.replace(/^[^/]*\//, '')}`
  const cells = [
    result.task,
    result.identical,
    result.samePrompt,
    result.repeated,
    result.medianNearest.toFixed(2),
    percent(result.nearShare),
    percent(result.nearShareWithin),
    percent(result.nearShareLong),
    levels || '–',
    pair,
  ]
  return `| ${cells.join(' | ')} |`
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000' },
      task: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    },
  })
  const count = parseWhole('--count', 1, 1_000_000)(values.count)
  const slugs = values.task ?? names('tasks')
  const err = {
    write: (text: string) => void process.stderr.write(text),
    isTTY: process.stderr.isTTY,
    columns: process.stderr.columns ?? 100,
  }
  const progress = progressOf(err, slugs.length)
  const results: LeakageResult[] = []
  for (const slug of slugs) {
    results.push(leakageOf(await load<Task>('tasks', slug), count))
    progress.done(results.length, slug)
  }
  progress.close()
  console.log(values.json ? JSON.stringify(results) : leakagePage(results, count))
  if (values.task === undefined)
    writeFileSync(fileURLToPath(new URL('../docs/leakage.md', import.meta.url)), leakagePage(results, count))
  return results.some(({ identical, samePrompt }) => identical + samePrompt > 0) ? 1 : 0
}

if (import.meta.main) process.exitCode = await main()
