import type { Step, TrajectoryDetail } from '../../api.ts'

export type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>

/** What belongs together on the page: a turn's steps under its guidance, or what came before the first or after the last. */
export interface TurnOfSteps {
  readonly turn: number
  readonly steps: readonly Step[]
}

/** Steps by turn, in their order. */
export function turnsOf(steps: readonly Step[]): TurnOfSteps[] {
  const turns: { turn: number; steps: Step[] }[] = []
  for (const step of steps) {
    const last = turns.at(-1)
    if (last && last.turn === step.turn) last.steps.push(step)
    else turns.push({ turn: step.turn, steps: [step] })
  }
  return turns
}

const ends = (step: Step) =>
  step.kind === 'end' ||
  (step.kind === 'guidance' && (step.guidance.action === 'return' || step.guidance.action === 'terminate'))

/** A turn that only says how the loop ended is no turn of its own for people. */
export const closing = ({ steps }: TurnOfSteps) =>
  steps.every(step => ends(step) || (step.kind === 'reply' && step.role === 'coach')) && steps.some(ends)

/** Turns that a fork may replace: those that were guided. */
export const forkable = ({ steps }: TurnOfSteps) =>
  steps.some(step => step.kind === 'guidance' && (step.guidance.action === 'text' || step.guidance.action === 'code'))

/** Whether this program is already shown as part of the turn's reply. */
export const shownAbove = (run: StepOf<'run'>, steps: readonly Step[]) =>
  steps.some(
    step =>
      step.kind === 'reply' &&
      step.seq < run.seq &&
      step.parts.some(part => part.kind === 'code' && part.code.source.trim() === run.code.source.trim()),
  )

const runNames = { answer: 'Program', check: 'Checking program', tool: 'Program of a tool call' } as const
const roleNames = { task: 'Task model', coach: 'Coach', checker: 'Checker', summariser: 'Summariser' } as const

export function nameOf(step: Step): string {
  switch (step.kind) {
    case 'guidance':
      return 'Coach decides'
    case 'reply':
      return step.role === 'task' ? 'Task model' : `${roleNames[step.role]}’s model`
    case 'run':
      return runNames[step.purpose]
    case 'check':
      return `Check: ${step.checker}`
    default:
      return 'End'
  }
}

export const roleName = (role: keyof TrajectoryDetail['spend']) =>
  role === 'total' ? 'Together' : role === 'task' ? 'Task model' : roleNames[role]
