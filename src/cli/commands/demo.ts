import { join } from 'node:path'
import { Command } from 'commander'
import pc from 'picocolors'
import { type CodeSteer, createCodeSteer } from '../../assemble.ts'
import { draw } from '../../draw.ts'
import { fold } from '../../fold.ts'
import { load } from '../../registry.ts'
import { createTrajectoryFile } from '../../store/trajectory-file.ts'
import type { Task, Verdict } from '../../task.ts'
import type { Trajectory, TrajectoryEvent } from '../../trajectory.ts'
import { newId } from '../../util/id.ts'
import { verifyTrajectory } from '../../verify.ts'
import { type CliContext, Exit, settingUp } from '../_shared/context.ts'
import { pythonHighlighter } from '../_shared/highlight.ts'
import { closingLines, trajectoryPrinter } from '../_shared/show-trajectory.ts'
import { defaultFolder, offlineModel } from '../_shared/steer-options.ts'

/** An apprentice set to err first and to heed guidance, so that the tour shows both switches whatever its luck. */
const tourModel = `${offlineModel}?seed=7&text=0&lazy=1&slips=0&heeds=1&checks=1`

/** The questions of the tour: words to code, and a shortcut to a real search. */
const tour = [
  { task: 'letters', level: 1, seed: 2, shows: 'words that miscount, then a program' },
  { task: 'game-24', level: 2, seed: 1, shows: 'a lazy program, then a real search' },
  { task: 'number-multiply', level: 5, seed: 0, shows: 'floating point, then exact arithmetic' },
] as const

/** `codesteer demo`: what `npm start` shows; no key, no network. */
export default function demo(context: CliContext): Command {
  return new Command('demo')
    .description('Steer three benchmark questions offline, with the simulated apprentice, and judge the answers.')
    .option('--out <dir>', 'folder for the trajectories', defaultFolder)
    .option('--full', 'show replies, programs and outputs whole')
    .addHelpText('after', '\nExamples:\n  codesteer demo\n  codesteer demo --full')
    .action(async (flags: { readonly out: string; readonly full?: boolean }) => {
      const models = { environment: context.environment }
      const steer = await createCodeSteer({ model: tourModel, models, parallel: 1 })
      try {
        await settingUp(() => steer.ready())
        const results = []
        for (const stop of tour) results.push(await visit(stop, steer, flags, context))
        context.out.write(lastWords(results, context))
        if (results.some(({ verdict }) => verdict.verdict !== 'correct')) throw new Exit(1)
      } finally {
        await steer.close()
      }
    })
}

interface Visited {
  readonly task: string
  readonly verdict: Verdict
  readonly trajectory: Trajectory
}

async function visit(
  stop: (typeof tour)[number],
  steer: CodeSteer,
  flags: { readonly out: string; readonly full?: boolean },
  context: CliContext,
): Promise<Visited> {
  const { out, environment } = context
  const colour = out.isTTY && !environment.NO_COLOR
  const task = await load<Task>('tasks', stop.task)
  const { question, puzzle } = draw(task, stop.level, stop.seed)
  const paint = pc.createColors(colour)
  out.write(`${paint.inverse(` ${task.title}, level ${stop.level} `)}  ${stop.shows}\n\n`)
  const { prompt, ...coordinates } = question
  const id = newId()
  const file = createTrajectoryFile(join(flags.out, 'trajectories', `${id}.jsonl`))
  const print = trajectoryPrinter(out, {
    colour,
    highlight: colour ? await pythonHighlighter(true) : source => source,
    lines: flags.full ? Number.POSITIVE_INFINITY : 14,
  })
  const events: TrajectoryEvent[] = []
  try {
    for await (const event of steer.steer({ prompt, coordinates }, { id, signal: context.signal })) {
      file.append(event)
      events.push(event)
      print(event)
    }
  } finally {
    file.close()
  }
  const trajectory = fold(events)
  if (trajectory.end?.reason === 'cancelled') throw new Exit(130)
  const verdict = verifyTrajectory(task, puzzle, trajectory)
  out.write(`${closingLines(trajectory, verdict, colour)}${paint.dim(`recorded in ${file.path}`)}\n\n`)
  return { task: task.title, verdict, trajectory }
}

function lastWords(results: readonly Visited[], { out, environment }: CliContext): string {
  const paint = pc.createColors(out.isTTY && !environment.NO_COLOR)
  const right = results.filter(({ verdict }) => verdict.verdict === 'correct').length
  const ways = (t: Trajectory) => t.turns.map(turn => turn.guidance.action).join(' → ')
  return [
    `${right} of ${results.length} answers judged correct (simulated: this shows the machinery, not a model’s skill).`,
    ...results.map(
      ({ task, verdict, trajectory }) =>
        `  ${verdict.verdict === 'correct' ? paint.green('✓') : paint.red('✗')} ${task.padEnd(18)} ${ways(trajectory)}`,
    ),
    '',
    'With a real model:',
    '  OPENAI_API_KEY=…  npm run codesteer -- ask --model openai/gpt-4.1-mini "9.11 or 9.9, which is larger?"',
    '  npm run codesteer -- ask --model openai-compatible/<name> --base-url http://localhost:8000/v1 "…"   (vLLM, Ollama, llama.cpp, LM Studio)',
    'What works on this machine: npm run codesteer -- doctor',
    '',
  ].join('\n')
}
