import pc from 'picocolors'
import type { HalfLevel } from '../../experiment/staircase.ts'
import type { StaircaseLine } from '../../experiment/staircase-log.ts'
import type { TaskSearch } from '../../experiment/staircase-run.ts'
import { textTable } from '../../util/text-table.ts'
import { harmless } from './show-trajectory.ts'

interface About {
  readonly method: string
  readonly model: string
}

const stops: Readonly<Record<NonNullable<TaskSearch['stop']>, string>> = {
  narrow: 'narrow enough',
  above: 'censored: above half at the top level',
  below: 'censored: below half at level 1',
  questions: 'all questions asked',
  unscored: 'given up: questions could not be judged',
}

/** `4.1 (3.4 to 4.9)`; ends beyond the task's levels are not known to a tenth, and are not stated so. */
export function halfText(half: HalfLevel, levels: number): string {
  const at = (level: number) => (level > levels ? `above ${levels}` : level < 1 ? 'below 1' : level.toFixed(1))
  const [low, high] = [at(half.low), at(half.high)]
  return low === high ? low : `${at(half.estimate)} (${low} to ${high})`
}

/** One question in one plain line. */
export function questionLine(found: TaskSearch, line: StaircaseLine): string {
  const nth = found.state.asked + found.unscored
  const verdict = line.verdict === 'unscored' ? `unscored (${harmless(line.why ?? '').slice(0, 80)})` : line.verdict
  return `${found.task}  question ${nth}  level ${line.level} seed ${line.seed}  ${verdict}  half at ${halfText(found.state.half, found.levels.length)}${found.stop ? `  ${stops[found.stop]}` : ''}${line.simulated ? '  (simulated)' : ''}`
}

/** The searches as a block of lines that fit the terminal: those under way first. */
export function liveLines(
  tasks: readonly TaskSearch[],
  options: { readonly columns: number; readonly colour: boolean; readonly rows: number },
): string[] {
  const paint = pc.createColors(options.colour)
  const cut = (text: string) => (text.length > options.columns ? `${text.slice(0, options.columns - 1)}…` : text)
  const over = tasks.filter(({ stop }) => stop !== null)
  const begun = tasks.filter(({ stop, state, unscored }) => stop === null && state.asked + unscored > 0)
  const asked = tasks.reduce((sum, { state }) => sum + state.asked, 0)
  const simulated = tasks.some(found => found.simulated) ? '(simulated) ' : ''
  const head = `${simulated}${over.length} of ${tasks.length} tasks, ${asked} questions (Ctrl-C stops, nothing is lost)`
  const row = ({ task, state, levels }: TaskSearch) =>
    `${task.padEnd(34)} ${String(state.asked).padStart(3)} asked, next level ${state.next}, half at ${halfText(state.half, levels.length)}`
  const done = ({ task, state, levels, stop }: TaskSearch) =>
    `${task.padEnd(34)} ${String(state.asked).padStart(3)} asked, half at ${halfText(state.half, levels.length)}, ${stops[stop!]}`
  const room = Math.max(0, options.rows - begun.length)
  return [
    paint.bold(cut(head)),
    ...begun.slice(0, options.rows).map(found => cut(row(found))),
    ...(room > 0 ? over.slice(-room).map(found => paint.dim(cut(done(found)))) : []),
  ]
}

const barWidth = 20

/** The curve of one task: a bar per level as fitted, what was seen there, and where the interval lies. */
export function curveText(
  { task, levels, state, simulated }: TaskSearch,
  { method, model }: About,
  options: { readonly colour: boolean; readonly columns: number },
): string {
  const paint = pc.createColors(options.colour)
  const { half, curve } = state
  const head = `${task}, ${method} on ${model}${simulated ? ' (simulated)' : ''}: right half of the time at level ${halfText(half, levels.length)}`
  const rows = curve.map(({ level, right, asked, fitted }) => {
    const full = Math.round(fitted * barWidth)
    const inside = half.low - 0.5 <= level && level <= half.high + 0.5
    const mark = Math.round(half.estimate) === level ? '◆' : inside ? '│' : ' '
    const seen = asked > 0 ? `${right} of ${asked}` : '–'
    const text = `${String(level).padStart(3)} ${mark} ${'█'.repeat(full)}${'·'.repeat(barWidth - full)} ${String(Math.round(100 * fitted)).padStart(3)} %  ${seen.padStart(8)}  `
    const room = Math.max(0, options.columns - text.length)
    return `${text}${paint.dim((levels[level - 1] ?? '').slice(0, room))}`.trimEnd()
  })
  return `${paint.bold(head)}\n${rows.join('\n')}\n`
}

/** All tasks in a table; what is censored or not over says so. */
export function resultTable(tasks: readonly TaskSearch[], { method, model }: About): string {
  const rows = tasks.map(({ task, levels, state, unscored, stop }) => [
    task,
    halfText(state.half, levels.length),
    `1 to ${levels.length}`,
    String(state.asked),
    unscored > 0 ? String(unscored) : '',
    stop ? stops[stop] : 'not over',
  ])
  const simulated = tasks.some(found => found.simulated)
  const words = [
    `Right half of the time at level (median and 95 % credible interval): ${method} on ${model}${simulated ? ' (simulated)' : ''}`,
    textTable(['task', 'half at level', 'levels', 'asked', 'unscored', 'ended'], rows, [0, 1, 5]).trimEnd(),
    ...(simulated ? ['simulated: these numbers show the machinery, they are nobody’s accuracy'] : []),
  ]
  return `${words.join('\n')}\n`
}
