import pc from 'picocolors'
import type { SynthesisEstimate } from '../../training/synthesis/estimate.ts'
import type { SynthesisSnapshot } from '../../training/synthesis/progress.ts'
import { durationText } from './progress.ts'
import { countText, moneyText, providerWords } from './run-display.ts'

const share = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`)

/** A synthesis in one line, for a log. */
export function synthesisLine(snapshot: SynthesisSnapshot): string {
  const { trees, paths, right, judged, perMinute, leftMs, spent, simulated } = snapshot
  const parts = [
    `${trees.done.toLocaleString('en')} of ${trees.total.toLocaleString('en')} trees`,
    `${paths.done.toLocaleString('en')} paths of about ${paths.expected.toLocaleString('en')}`,
    `${share(right, judged)} right`,
    ...(perMinute > 0 ? [`${perMinute.toFixed(perMinute < 10 ? 1 : 0)} paths a minute`] : []),
    ...(leftMs ? [`about ${durationText(leftMs)} left`] : []),
    moneyText(spent.costUsd),
    `${countText(spent.inputTokens + spent.outputTokens)} tokens`,
    ...(paths.failed > 0 ? [`${paths.failed} failed`] : []),
  ]
  return `${simulated ? '(simulated) ' : ''}${parts.join(', ')}`
}

/** The same as a block of lines that fit the width. */
export function synthesisLines(
  snapshot: SynthesisSnapshot,
  options: { readonly columns: number; readonly colour: boolean },
): string[] {
  const paint = pc.createColors(options.colour)
  const cut = (text: string) => (text.length > options.columns ? `${text.slice(0, options.columns - 1)}…` : text)
  return [
    paint.bold(cut(synthesisLine(snapshot))),
    ...snapshot.providers.flatMap(providerWords).map(line => paint.yellow(cut(line))),
    ...(snapshot.stopping ? [paint.yellow(cut(`stopping: ${snapshot.stopping}; calls under way may finish`))] : []),
  ]
}

/** What a plan is expected to come to, in words. */
export function synthesisEstimateLines(estimate: SynthesisEstimate): string[] {
  const { trees, paths, calls, byRole, costUsd, unknownPrices, timeMs, secondsPerCall } = estimate
  const rows = byRole.map(
    row =>
      `  ${row.role}  ${row.model}  ${row.calls.toLocaleString('en')} calls, ${countText(row.inputTokens)} tokens in and ${countText(row.outputTokens)} out, ${moneyText(row.costUsd)}`,
  )
  const unknown = unknownPrices.length > 0 ? `, and an unknown price for ${unknownPrices.join(', ')}` : ''
  const time = timeMs === 0 ? 'no time for calls' : `about ${durationText(timeMs)} at ${secondsPerCall} s a call`
  return [
    `estimated ${trees.toLocaleString('en')} trees, ${paths.toLocaleString('en')} paths, ${calls.toLocaleString('en')} calls, ${moneyText(costUsd)}${unknown}, ${time}`,
    ...rows,
  ]
}
