import type { Step } from '../../api.ts'
import { nameOf } from './turns.ts'

export type SegmentKind = 'task' | 'coach' | 'checker' | 'run' | 'other'

export const segmentNames: Readonly<Record<SegmentKind, string>> = {
  task: 'task model',
  coach: 'coach’s model',
  checker: 'checker’s model',
  run: 'programs',
  other: 'between',
}

function kindOf(step: Step): SegmentKind {
  if (step.kind === 'run') return 'run'
  if (step.kind !== 'reply') return 'other'
  return step.role === 'coach' || step.role === 'checker' ? step.role : 'task'
}

export interface Bar {
  readonly seq: number
  readonly kind: SegmentKind
  readonly name: string
  readonly tookMs: number
  /** Thousandths of the whole. */
  readonly x: number
  readonly width: number
}

/** Steps that took time, as bars on a line of `length` milliseconds; the shortest is still to be seen. */
export function bars(steps: readonly Step[], length: number): Bar[] {
  return steps.flatMap(step => {
    if (step.tookMs <= 0) return []
    const width = Math.max((1_000 * step.tookMs) / length, 3)
    const x = Math.min(Math.max((1_000 * (step.atMs - step.tookMs)) / length, 0), 1_000 - width)
    return [{ seq: step.seq, kind: kindOf(step), name: nameOf(step), tookMs: step.tookMs, x, width }]
  })
}

/** Milliseconds by kind; `other` is what no step took. */
export function sumsOf(steps: readonly Step[], length: number): Record<SegmentKind, number> {
  const sums: Record<SegmentKind, number> = { task: 0, coach: 0, checker: 0, run: 0, other: 0 }
  for (const step of steps) sums[kindOf(step)] += step.tookMs
  const taken = sums.task + sums.coach + sums.checker + sums.run
  return { ...sums, other: Math.max(length - taken, 0) }
}
