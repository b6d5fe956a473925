import pc from 'picocolors'
import type { PreparedTraining } from '../../training/launch/_shared/prepare.ts'
import { leftMs, type TrainingProgress } from '../../training/launch/_shared/progress.ts'
import { durationText } from './progress.ts'

const marks = '▁▂▃▄▅▆▇█'

/** The numbers worth a place on the screen, by the trainer's names. */
const shown: readonly (readonly [name: string, words: string])[] = [
  ['eval_loss', 'held-out loss'],
  ['eval_mean_token_accuracy', 'held-out tokens right'],
  ['eval_preference_accuracy', 'preference accuracy'],
  ['eval_preference_accuracy_by_token', 'by token'],
  ['eval_rewards/accuracies', 'rewards right'],
]

export interface TrainingDisplay {
  readonly columns: number
  readonly colour: boolean
  readonly nowMs: number
}

/** What is about to be trained, in a line or two. */
export function planText({ job, base, trainer, record }: PreparedTraining): string {
  const { recipe } = job
  const size = base.parameters === null ? '' : ` (${countText(base.parameters)} parameters)`
  const parts = [
    `${recipe.epochs} epochs`,
    `${recipe.steps.toLocaleString('en')} steps of ${recipe.batch}`,
    `rate ${recipe.learningRate}`,
    `rows up to ${recipe.maxLength.toLocaleString('en')} tokens`,
    ...(recipe.lora ? [`LoRA of rank ${recipe.lora.rank}`] : []),
    ...(job.gpus > 1 ? [`${job.gpus} devices, ${job.distributed}`] : []),
  ]
  const simulated = record.simulated ? '(simulated data) ' : ''
  return `${simulated}${job.kind} of ${base.name}${size} with ${trainer.name}: ${parts.join(', ')}`
}

const countText = (count: number) =>
  count >= 1e9
    ? `${(count / 1e9).toFixed(1)} B`
    : count >= 1e6
      ? `${(count / 1e6).toFixed(1)} M`
      : `${Math.round(count / 1e3)} k`

/** A training as lines that fit the width. */
export function trainingLines(progress: TrainingProgress, { columns, colour, nowMs }: TrainingDisplay): string[] {
  const paint = pc.createColors(colour)
  const cut = (text: string) => (text.length > columns ? `${text.slice(0, columns - 1)}…` : text)
  const { start, losses } = progress
  if (!start) return [paint.dim('loading the model and the rows …')]
  const silentMs = nowMs - progress.atMs
  const curve = sparkline(
    losses.map(([, loss]) => loss),
    Math.max(10, Math.min(60, columns - 30)),
  )
  return [
    paint.bold(cut(headLine(progress))),
    ...(losses.length > 1 ? [cut(`  loss ${losses[0]![1].toFixed(3)} ${curve} ${losses.at(-1)![1].toFixed(3)}`)] : []),
    ...evaluation(progress).map(text => cut(`  ${text}`)),
    ...(silentMs > 60_000 ? [paint.yellow(cut(`  nothing new for ${durationText(silentMs)}`))] : []),
  ]
}

/** The same in one line, for a log. */
export function trainingLine(progress: TrainingProgress): string {
  const loss = progress.losses.at(-1)
  const parts = [headLine(progress), ...(loss ? [`loss ${loss[1].toFixed(3)}`] : []), ...evaluation(progress)]
  return parts.join(', ')
}

function headLine(progress: TrainingProgress): string {
  const { start, step, epoch } = progress
  if (!start) return 'loading'
  const left = leftMs(progress)
  const share = Math.floor((100 * step) / Math.max(1, start.steps))
  return [
    `step ${step.toLocaleString('en')} of ${start.steps.toLocaleString('en')} (${share} %)`,
    `epoch ${epoch.toFixed(1)}`,
    ...(start.fromStep > 0 ? [`taken up at ${start.fromStep}`] : []),
    ...(left === null || step >= start.steps ? [] : [`about ${durationText(left)} left`]),
    start.device,
  ].join(', ')
}

function evaluation({ latest, first }: TrainingProgress): string[] {
  return shown.flatMap(([name, words]) => {
    const [now, before] = [latest[name], first[name]]
    if (now === undefined) return []
    return [`${words} ${before !== undefined && before !== now ? `${before.toFixed(3)} → ` : ''}${now.toFixed(3)}`]
  })
}

/** Values as a row of bars, averaged down to the width; the highest is the full bar. */
function sparkline(values: readonly number[], width: number): string {
  const size = Math.max(1, Math.ceil(values.length / width))
  const means: number[] = []
  for (let i = 0; i < values.length; i += size) {
    const part = values.slice(i, i + size)
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length)
  }
  const [low, high] = [Math.min(...means), Math.max(...means)]
  return means.map(mean => marks[Math.round(((mean - low) / (high - low || 1)) * (marks.length - 1))]).join('')
}
