import { version } from '../../../version.ts'
import { poolOf, type Wanted } from './coordinates.ts'
import type { DataSetOptions } from './data-set.ts'

/** The licence of the package, as the Hugging Face Hub spells it; a test holds it to package.json. */
export const cardLicense = 'apache-2.0'

/** The line by which a card of ours is known. */
export const cardMark = 'pretty_name: SymBench questions drawn by CodeSteer'

interface Field {
  readonly name: string
  readonly type: 'string' | 'int32' | 'int64'
  readonly means: string
}

const openFields: readonly Field[] = [
  {
    name: 'id',
    type: 'string',
    means: '`<task>@<version>/<level>/<seed>`, with `/train` behind it for the train pool',
  },
  { name: 'task', type: 'string', means: 'the task’s slug' },
  { name: 'version', type: 'int32', means: 'the version of the task’s generator' },
  { name: 'level', type: 'int32', means: 'difficulty, 1 is the easiest' },
  { name: 'seed', type: 'int64', means: 'the seed; task, version, level, seed and pool give this question again' },
  { name: 'pool', type: 'string', means: '`test` or `train`' },
  { name: 'prompt', type: 'string', means: 'the question, complete, with the form in which to answer' },
]
const keyFields: readonly Field[] = [
  {
    name: 'puzzle',
    type: 'string',
    means: 'what the verifier needs, as JSON text; its shape differs from task to task',
  },
  { name: 'solution', type: 'string', means: 'one right answer; many tasks have others, so do not compare texts' },
]

/** The README.md of a data set in the form of a Hugging Face data card. The same options give the same text. */
export function dataCard(wanted: readonly Wanted[], options: DataSetOptions, questions: number): string {
  const fields = options.keys ? [...openFields, ...keyFields] : openFields
  return `---
${frontMatter(fields, options, questions)}
---

# SymBench questions

${questions.toLocaleString('en')} question${questions === 1 ? '' : 's'} of ${tasksText(wanted.length)} in symbolic reasoning, drawn by CodeSteer ${version}
from the \`${options.pool}\` pool${options.keys ? ', with puzzles and a right answer each' : ', without answers'}. The task set is that of the SymBench benchmark; the wording, the
generators and the levels are CodeSteer's own. No language model took part: every question comes from a seeded program.

## Fields

| field | type | what it is |
|---|---|---|
${fields.map(({ name, type, means }) => `| \`${name}\` | ${type} | ${means} |`).join('\n')}

## How it was drawn

\`\`\`sh
${commandOf(options)}
\`\`\`

- ${options.count.toLocaleString('en')} per level, seeds ${options.seed} to ${options.seed + options.count - 1}. The same command of the same version writes the same bytes.
- Every question is solvable, by construction or by proof, and judged by an exact verifier.
- Pools are kept apart by the puzzle itself: its canonical form decides whether it belongs to \`test\` or to \`train\`, so
  no puzzle is in both. Train on \`train\`, report on \`test\`.
- A generator that changes its questions raises its version; results compare only between equal versions.

## What is in it

| task | published name | split | version | levels | per level | questions | easiest and hardest level |
|---|---|---|---:|---|---:|---:|---|
${wanted.map(one => taskRow(one, options.count)).join('\n')}

The split says whether the published coach was trained on the task (seen) or not (unseen).

## How to judge an answer

Answers are judged by rule, not by comparison with a stored text: many questions have more than one right answer.

\`\`\`ts
import { load, type Task } from 'codesteer'

const task = await load<Task>('tasks', row.task)
const verdict = task.verify(task.read(row.prompt), answer) // { verdict: 'correct' | 'incorrect' | … , why }
\`\`\`

## Known limits

- English only, few wordings per task; scores say nothing about other phrasings.
- Low levels of some tasks have few different puzzles: within each thousand seeds they do not repeat while new ones are
  left; across thousands they can.
- Similar questions are in the nature of generated puzzles: identical ones are kept out of the other pool, near ones are not.
- Whoever has the generators can draw the answers. For a contest, draw with a seed that you keep to yourself.
${options.keys ? '- This copy holds the answers: keep it away from what you evaluate.\n' : ''}`
}

function frontMatter(fields: readonly Field[], options: DataSetOptions, questions: number): string {
  return `license: ${cardLicense}
language:
- en
${cardMark}
task_categories:
- question-answering
- text-generation
annotations_creators:
- machine-generated
language_creators:
- machine-generated
source_datasets:
- original
size_categories:
- ${sizeCategory(questions)}
tags:
- symbolic-reasoning
- planning
- code
- benchmark
- synthetic
configs:
- config_name: default
  data_files:
  - split: ${poolOf(options)}
    path: questions.${options.format}
dataset_info:
  features:
${fields.map(({ name, type }) => `  - name: ${name}\n    dtype: ${type}`).join('\n')}`
}

function taskRow({ task, levels }: Wanted, count: number): string {
  const knobs = [levels[0], levels.at(-1)].map(level => task.levels[level! - 1]!.knob)
  const span = levels.length > 1 ? `${levels[0]} to ${levels.at(-1)}` : `${levels[0]}`
  const cells = [
    `\`${task.slug}\``,
    task.title,
    task.split,
    task.version,
    span,
    count,
    count * levels.length,
    [...new Set(knobs)].join(' … '),
  ]
  return `| ${cells.map(cell => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

const tasksText = (n: number) => (n === 1 ? 'one task' : `${n} tasks`)

function commandOf({ slug, level, seed, count, pool, format, keys }: DataSetOptions): string {
  const parts = [
    `codesteer task draw ${slug}`,
    ...(level === undefined ? [] : [`--level ${level}`]),
    `--seed ${seed} --count ${count} --pool ${pool} --format ${format}`,
    ...(keys ? ['--keys'] : []),
    '--out DIR',
  ]
  return parts.join(' ')
}

/** The Hub's own size classes. */
export function sizeCategory(questions: number): string {
  const classes: readonly (readonly [number, string])[] = [
    [1e3, 'n<1K'],
    [1e4, '1K<n<10K'],
    [1e5, '10K<n<100K'],
    [1e6, '100K<n<1M'],
    [1e7, '1M<n<10M'],
    [1e8, '10M<n<100M'],
  ]
  return classes.find(([below]) => questions < below)?.[1] ?? '100M<n<1B'
}
