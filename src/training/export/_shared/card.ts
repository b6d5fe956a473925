import type { Manifest } from './manifest.ts'

/** The line by which a card of ours is known. */
const cardMark = 'pretty_name: Steering trajectories and preferences exported by CodeSteer'

/** The data card of a set, as the Hugging Face Hub reads it. Produced from the manifest alone: the same set, the same card. */
export function dataCard(manifest: Manifest): string {
  const { simulated, unified, sources, questions, sft, dpo } = manifest
  return `---
license: other
language:
- en
${cardMark}
task_categories:
- text-generation
tags:
- code
- symbolic-reasoning
- ${simulated ? 'simulated' : 'distillation'}
---

# Training data for a ${unified ? 'model that steers itself' : 'coach'}

${simulated ? `**Simulated.** Trajectories in this set were made by CodeSteer's simulated model. They show the machinery; a model trained on them has\nlearned the simulated apprentice, and no number from it is anybody's accuracy.\n\n` : ''}${n(sft.trajectories.train + sft.trajectories.validation)} trajectories for supervised fine-tuning and ${n(dpo.pairs.train + dpo.pairs.validation)} preference pairs, on ${n(questions.train + questions.validation)} questions of symbolic
reasoning (SymBench: CodeSteer's own generators and wordings). ${unified ? 'One model decides how to answer and answers: each of its turns is a decision with the answer behind it.' : 'A coach tells a solver to answer in words or by a program,\nreads what came of it, and guides again or returns the answer.'}

|  | train | validation |
|---|---:|---:|
| questions | ${n(questions.train)} | ${n(questions.validation)} |
| trajectories | ${n(sft.trajectories.train)} | ${n(sft.trajectories.validation)} |
| examples (each trajectory once whole, its last two turns once more) | ${n(sft.examples.train)} | ${n(sft.examples.validation)} |
| preference pairs | ${n(dpo.pairs.train)} | ${n(dpo.pairs.validation)} |

## Where it comes from

| run | questions | trajectories | pairs | solver | coach | coach's models | simulated |
|---|---:|---:|---:|---|---|---|---|
${sources
  .map(source =>
    row(
      source.run,
      n(source.trees),
      n(source.trajectories),
      n(source.pairs),
      list(source.taskModels),
      list(source.coaches),
      list(source.coachModels),
      source.simulated ? 'yes' : 'no',
    ),
  )
  .join('\n')}

Prompt version \`${manifest.promptVersion}\`, codesteer ${manifest.version}. Every row's trajectory is named in \`index.jsonl\`; the run holds all its events.

## How it was selected

- Supervised: trajectories that ended right by the coach's own return. ${left(sft.left, sftReasons)}
- ${n(sft.turnsMasked)} coach turns are in the conversations without being learned: a void turn or one more failed program came of them or after them.
- Pairs: two decisions in the same situation whose scores (${manifest.options.scores}) differ by more than ${manifest.options.minGap}, one of them positive. ${left(dpo.left, dpoReasons)}
- Limits: ${manifest.options.maxPerTree === null ? 'all' : `at most ${manifest.options.maxPerTree}`} of a question${manifest.options.balance ? `, evened out by ${manifest.options.balance}` : ''}; rows up to ${n(manifest.context)} tokens${manifest.options.dropLong ? ', longer ones left out' : ''}; seed ${manifest.options.seed}.

## What is in it

${tables(manifest)}

## Lengths

Counted by: ${manifest.tokenizer.name}${manifest.tokenizer.exact ? '' : ' (no model’s own count)'}.

| tokens of the longest row of each | n | mean | median | 90 % | 99 % | longest | carrying loss, all rows |
|---|---:|---:|---:|---:|---:|---:|---:|
${lengthRow('trajectory', manifest.tokens.sft)}
${lengthRow('pair', manifest.tokens.dpo)}

${lengthBias(manifest)}

## Leakage

- All questions are of the train pool and of tasks that the published coach had seen. The pool was worked out again from the text of
  each question; a single one of the test pool, or of an unseen task, would have stopped the export.
- A question's rows are all in training or all in validation, by the identity of its puzzle (renamed symbols, permuted lists and
  the like are the same puzzle), for both kinds alike.
- Similar questions are in the nature of generated puzzles and share their task's wording; branches of a
  tree share what came before them. By words in fives, ${near('trajectories', manifest.near.sft)}; ${near('pairs', manifest.near.dpo)}.
${nearTable(manifest)}
## Licences

Questions, prompts and programs of checks are CodeSteer's (Apache-2.0). The words of the models named above are subject to their
makers' terms, some of which forbid training other models on them: look before you publish or sell what you train.

## Known limits

- English only; few wordings for each task.
- A right answer does not make every decision on the way to it a good one.
- Checkers err; the verifier, which decides what is right, is a program.
- What a format cannot say: ${Object.entries(manifest.formats)
    .map(([name, { cannotSay }]) => `${name} ${n(cannotSay.sft)} examples, ${n(cannotSay.dpo)} pairs`)
    .join('; ')}.
`
}

const sftReasons: Readonly<Record<string, string>> = {
  notCorrect: 'not right',
  notReturned: 'right but not returned',
  overLimit: 'over the limit of a question',
  duplicate: 'the same as another',
  tooLong: 'too long',
  balance: 'to even out',
}

const dpoReasons: Readonly<Record<string, string>> = {
  unscored: 'not judged',
  tie: 'equal scores',
  smallGap: 'too small a difference',
  nonePositive: 'neither positive',
  betterWentWrong: 'the better led to a void turn or one more failure',
  sameWords: 'the same words',
  overLimit: 'over the limit of a question',
  duplicate: 'the same as another',
  contradicted: 'contradicted by another',
  tooLong: 'too long',
  balance: 'to even out',
}

/** `Left out: 3 not right, 1 too long.` */
export function left(counts: Readonly<Record<string, number>>, words: Readonly<Record<string, string>>): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${n(count)} ${words[name] ?? name}`)
  return parts.length === 0 ? 'Nothing was left out.' : `Left out: ${parts.join(', ')}.`
}

function tables({ sft, dpo }: Manifest): string {
  const tasks = [...new Set([...Object.keys(sft.byTask), ...Object.keys(dpo.byTask)])].sort()
  const levels = [...new Set([...Object.keys(sft.byLevel), ...Object.keys(dpo.byLevel)])].sort(
    (a, b) => Number(a) - Number(b),
  )
  const two = (head: string, names: readonly string[], a: Tally, b: Tally) =>
    `| ${head} | trajectories | pairs |\n|---|---:|---:|\n${names.map(name => row(name, n(a[name] ?? 0), n(b[name] ?? 0))).join('\n')}`
  const one = (head: string, counted: string, counts: Tally) =>
    `| ${head} | ${counted} |\n|---|---:|\n${Object.entries(counts)
      .map(([name, count]) => row(name, n(count)))
      .join('\n')}`
  return [
    two('task', tasks, sft.byTask, dpo.byTask),
    two('level', levels, sft.byLevel, dpo.byLevel),
    one('decisions of a trajectory', 'trajectories', sft.byTurns),
    one('decision', 'times, in trajectories', sft.byAction),
    one('turn at which a pair parts', 'pairs', dpo.byTurn),
    one('preferred > other', 'pairs', dpo.byActions),
  ].join('\n\n')
}

type Tally = Readonly<Record<string, number>>

function lengthRow(name: string, lengths: Manifest['tokens']['sft']): string {
  if (!lengths) return row(name, '0', '', '', '', '', '', '')
  const { rows, mean, p50, p90, p99, max, learned } = lengths
  return row(name, n(rows), n(Math.round(mean)), n(p50), n(p90), n(p99), n(max), n(learned))
}

function lengthBias({ dpo }: Manifest): string {
  if (!dpo.length || dpo.meanGap === null) return 'There are no pairs.'
  const { chosen, rejected, chosenLonger } = dpo.length
  const share = Math.round(100 * chosenLonger)
  const warning =
    share < 35 || share > 65
      ? ' **Length alone tells the better side too often: a coach trained on these may learn it instead.**'
      : ''
  return `Mean difference of scores ${dpo.meanGap}. The better side has ${n(Math.round(chosen))} characters in the mean, the other ${n(Math.round(rejected))}; it is the longer one in ${share} % of the pairs.${warning}`
}

const near = (what: string, of: Near) =>
  `of ${n(of.texts)} ${what} ${n(of.near)} have a near twin on another question (similarity ${of.threshold} or more) and ${n(of.nearOfSameQuestion)} on their own, ${n(of.sameButForDigits)} equal an earlier one but for digits, case and blanks, and of the ${n(of.validation)} held out ${n(of.validationNearTraining)} have a near twin in training`

type Near = Manifest['near']['sft']

function nearTable({ near: { sft } }: Manifest): string {
  const tasks = sft.byTask.filter(task => task.near > 0)
  if (tasks.length === 0) return ''
  return `\n| task | trajectories | with a near twin on another question |\n|---|---:|---:|\n${tasks.map(task => row(task.task, n(task.texts), n(task.near))).join('\n')}\n`
}

const row = (...cells: readonly string[]) =>
  `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
const list = (names: readonly string[]) => (names.length === 0 ? '–' : names.map(name => `\`${name}\``).join(', '))
const n = (count: number) => count.toLocaleString('en')
