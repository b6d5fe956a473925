import pc from 'picocolors'
import { outcomeWords } from '../../run-words.ts'
import type { Verdict } from '../../task.ts'
import type {
  CheckEvent,
  CodeRunEvent,
  GuidanceEvent,
  ModelCallEvent,
  Trajectory,
  TrajectoryEnd,
  TrajectoryEvent,
  TrajectoryStart,
} from '../../trajectory.ts'
import type { Output } from './context.ts'
import type { Highlighter } from './highlight.ts'

export interface ShowOptions {
  readonly colour: boolean
  readonly highlight: Highlighter
  /** Lines of a reply, program or output that are shown; the rest is counted. */
  readonly lines: number
}

/** Control characters from a model's words must not move the cursor or change the title of somebody's terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
export const harmless = (text: string) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�')

/** Writes a trajectory as a readable story, event by event. */
export function trajectoryPrinter(out: Output, options: ShowOptions): (event: TrajectoryEvent) => void {
  const paint = pc.createColors(options.colour)
  const line = (text = '') => out.write(`${text}\n`)
  const block = (text: string, style: (s: string) => string = s => s) => {
    const all = text.split('\n')
    for (const one of all.slice(0, options.lines)) line(`  ${paint.dim('│')} ${style(one)}`)
    if (all.length > options.lines) line(`  ${paint.dim(`│ … ${all.length - options.lines} more lines`)}`)
  }

  const show: { [T in TrajectoryEvent['type']]: (event: Extract<TrajectoryEvent, { type: T }>) => void } = {
    'trajectory-start'(event: TrajectoryStart) {
      const label = event.simulated ? ` ${paint.yellow('(simulated)')}` : ''
      line(`${paint.bold('CodeSteer')}  ${event.models.task}${label}  coach ${event.coach}  sandbox ${event.sandbox}`)
      block(harmless(event.question.prompt), paint.cyan)
    },
    guidance(event: GuidanceEvent) {
      const { guidance, turn } = event
      const name = { text: 'text', code: 'code', return: 'return the answer', terminate: 'give up' }[guidance.action]
      if (guidance.action === 'return' || guidance.action === 'terminate')
        line(`\n${paint.bold('Coach')}  ${paint.magenta(name)}  ${paint.dim(harmless(guidance.reason))}`)
      else line(`\n${paint.bold(`Turn ${turn}`)}  ${paint.magenta(name)}  ${paint.dim(harmless(guidance.reason))}`)
    },
    'model-call'(event: ModelCallEvent) {
      const tokens = `${event.usage.inputTokens ?? '?'} + ${event.usage.outputTokens ?? '?'} tokens`
      const cost = event.costUsd === null ? 'price unknown' : `$${event.costUsd.toFixed(4)}`
      const meta = paint.dim(
        `${event.role}: ${tokens}, ${cost}, ${seconds(event.tookMs)}${event.fromLedger ? ', from the ledger' : ''}`,
      )
      if (event.role === 'task') {
        const parts = harmless(event.completion.text).split(/(```[^\n]*\n[\s\S]*?(?:```|$))/)
        for (const part of parts) {
          if (part.startsWith('```')) block(part.replace(/^```[^\n]*\n/, '').replace(/\n?```$/, ''), options.highlight)
          else if (part.trim() !== '') block(part.trim())
        }
        if (event.completion.finish === 'length')
          line(`  ${paint.yellow('! the reply was cut off at its token limit')}`)
        if (event.completion.finish === 'refusal') line(`  ${paint.yellow('! the provider or the model refused')}`)
      }
      line(`  ${meta}`)
    },
    'code-run'(event: CodeRunEvent) {
      if (event.purpose === 'check') return
      const good = event.result.outcome === 'finished' && event.result.exitCode === 0
      line(
        `  ${good ? paint.green('▸') : paint.red('▸')} ${outcomeWords(event.result)} ${paint.dim(seconds(event.result.tookMs))}`,
      )
      const said = harmless((event.result.stdout || event.result.stderr).trimEnd())
      if (said !== '') block(said, paint.bold)
    },
    check(event: CheckEvent) {
      const mark = { passed: paint.green('✓'), failed: paint.red('✗'), inconclusive: paint.yellow('?') }[
        event.report.outcome
      ]
      const [first = '', ...rest] = harmless(event.report.told).split('\n')
      line(`  ${mark} ${event.checker}: ${first}`)
      if (rest.length > 0) block(rest.join('\n'), paint.dim)
    },
    'trajectory-end'(event: TrajectoryEnd) {
      if (event.reason === 'returned' || event.reason === 'terminated') return
      line(
        `\n${paint.bold('Stopped')}  ${paint.yellow(event.reason)}${event.error ? `  ${harmless(event.error.message)}` : ''}`,
      )
    },
  }
  return event => {
    ;(show[event.type] as (event: TrajectoryEvent) => void)(event)
  }
}

/** The closing lines: answer, verdict, what it took. */
export function closingLines(trajectory: Trajectory, verdict: Verdict | null, colour: boolean): string {
  const paint = pc.createColors(colour)
  const { answer, spend, turns } = trajectory
  const lines = ['']
  const from = answer
    ? paint.dim(`  (turn ${answer.turn}, ${answer.from === 'code-output' ? 'printed by its program' : 'in words'})`)
    : ''
  lines.push(
    `${paint.bold('Answer')}  ${answer ? paint.bold(paint.green(harmless(answer.text))) : paint.yellow('none')}${from}`,
  )
  if (verdict) {
    const word = verdict.verdict === 'correct' ? paint.green('correct') : paint.red(verdict.verdict)
    lines.push(`${paint.bold('Verdict')} ${word}${'why' in verdict ? `: ${harmless(verdict.why)}` : ''}`)
  }
  const cost = spend.total.costUsd === null ? 'price unknown' : `$${spend.total.costUsd.toFixed(4)}`
  const tokens = spend.total.inputTokens + spend.total.outputTokens
  lines.push(
    paint.dim(
      `${turns.length} turns, ${spend.total.calls} model calls, ${tokens} tokens, ${cost}, ${seconds(trajectory.tookMs)}${trajectory.start.simulated ? ' (simulated)' : ''}`,
    ),
  )
  return `${lines.join('\n')}\n`
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
