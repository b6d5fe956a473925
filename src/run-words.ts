import type { RunResult } from './sandbox.ts'
import { cutToTokens } from './util/cut.ts'

const seconds = (ms: number) => (ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)

/** How a run ended, in words for a model or a person, without its output. */
export function outcomeWords(run: RunResult): string {
  switch (run.outcome) {
    case 'finished':
      return run.exitCode === 0 ? 'It ended normally.' : `It ended with an error (exit code ${run.exitCode}).`
    case 'timed-out':
      return `It was stopped after ${seconds(run.tookMs)} s without having ended.`
    case 'out-of-memory':
      return 'It was stopped because it ran out of memory.'
    case 'output-limit':
      return 'It was stopped because it printed too much.'
    case 'refused':
      return 'The sandbox refused to run it.'
  }
}

/** A run as a model is told it: how it ended, what it printed, its errors, each cut head and tail to the token budget. */
export async function describeRun(run: RunResult, outputTokens: number): Promise<string> {
  const [out, err] = await Promise.all([
    cutToTokens(run.stdout.trimEnd(), outputTokens),
    cutToTokens(run.stderr.trimEnd(), outputTokens),
  ])
  const parts = [outcomeWords(run)]
  parts.push(out.text === '' ? 'It printed nothing.' : `It printed:\n${out.text}`)
  if (err.text !== '') parts.push(`Errors:\n${err.text}`)
  if (run.droppedBytes > 0) parts.push(`(${run.droppedBytes} more bytes of output were not kept.)`)
  return parts.join('\n')
}

/** The last line of a traceback: the error itself. */
export function errorLine(stderr: string): string {
  return stderr.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? ''
}
