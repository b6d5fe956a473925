import type { TrainingEvent } from '../../training-log.ts'

type Start = Extract<TrainingEvent, { readonly type: 'training-start' }>
type End = Extract<TrainingEvent, { readonly type: 'training-end' }>

/** How far a training is, folded from its log. */
export interface TrainingProgress {
  readonly start: Start | null
  readonly step: number
  readonly epoch: number
  /** Training loss by step, in order. */
  readonly losses: readonly (readonly [step: number, loss: number])[]
  /** The newest value of each name the trainer told. */
  readonly latest: Readonly<Record<string, number>>
  /** The first value of each name of an evaluation, for before and after. */
  readonly first: Readonly<Record<string, number>>
  /** When the newest step was told; milliseconds since 1970. */
  readonly atMs: number
  readonly end: End | null
}

export const noProgress: TrainingProgress = {
  start: null,
  step: 0,
  epoch: 0,
  losses: [],
  latest: {},
  first: {},
  atMs: 0,
  end: null,
}

/** Takes one more event in. A start that goes on from a checkpoint takes back the steps after it. */
export function takeIn(progress: TrainingProgress, event: TrainingEvent): TrainingProgress {
  if (event.type === 'training-end') return { ...progress, end: event }
  if (event.type === 'training-start') {
    const losses = progress.losses.filter(([step]) => step <= event.fromStep)
    return { ...progress, start: event, step: event.fromStep, losses, atMs: event.atMs, end: null }
  }
  const { loss } = event.values
  return {
    ...progress,
    step: event.step,
    epoch: event.epoch,
    atMs: event.atMs,
    losses: loss === undefined ? progress.losses : [...progress.losses, [event.step, loss]],
    latest: { ...progress.latest, ...event.values },
    first: { ...event.values, ...progress.first },
  }
}

/** Milliseconds that the rest will take at the speed since the last start; null before there is one. */
export function leftMs({ start, step, atMs }: TrainingProgress): number | null {
  if (!start || step <= start.fromStep) return null
  return ((atMs - start.atMs) / (step - start.fromStep)) * Math.max(0, start.steps - step)
}

/** The whole lines of a log's text, read as events; a torn last line and what is no event are left out. */
export function readEvents(text: string): TrainingEvent[] {
  const lines = text.split('\n')
  lines.pop()
  return lines.flatMap(line => {
    try {
      const event = JSON.parse(line) as TrainingEvent
      return typeof event?.type === 'string' && event.type.startsWith('training-') ? [event] : []
    } catch {
      return []
    }
  })
}
