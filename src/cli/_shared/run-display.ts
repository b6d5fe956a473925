import pc from 'picocolors'
import type { RunEstimate } from '../../experiment/estimate.ts'
import type { CellProgress, RunSnapshot } from '../../experiment/progress.ts'
import type { ProviderState } from '../../experiment/provider-gate.ts'
import { wilson } from '../../report/statistics/proportion.ts'
import { durationText } from './progress.ts'
import { harmless } from './show-trajectory.ts'

export interface DisplayOptions {
  readonly columns: number
  readonly colour: boolean
  /** Cells shown at most; the rest is counted. */
  readonly cells: number
}

/** A run as a block of lines that fit the width: totals, a row per method and model, providers, failures. */
export function runLines(snapshot: RunSnapshot, options: DisplayOptions): string[] {
  const paint = pc.createColors(options.colour)
  const cut = (text: string) => (text.length > options.columns ? `${text.slice(0, options.columns - 1)}…` : text)
  const rows = cellRows(snapshot, options.cells)
  return [
    paint.bold(cut(totals(snapshot))),
    ...rows.map((row, i) => (i === 0 ? paint.dim(cut(row)) : cut(row))),
    ...snapshot.providers.flatMap(providerWords).map(line => paint.yellow(cut(line))),
    ...failures(snapshot).map(line => paint.red(cut(line))),
    ...(snapshot.stopping ? [paint.yellow(cut(`stopping: ${snapshot.stopping}; calls under way may finish`))] : []),
  ]
}

/** The same in one line, for a log. */
export function runLine(snapshot: RunSnapshot): string {
  return [totals(snapshot), ...snapshot.providers.flatMap(providerWords), ...failures(snapshot)].join('; ')
}

function totals(snapshot: RunSnapshot): string {
  const { total, done, underWay, perMinute, leftMs, spent } = snapshot
  const parts = [
    `${done.toLocaleString('en')} of ${total.toLocaleString('en')} done (${Math.floor((100 * done) / Math.max(1, total))} %)`,
    ...(underWay > 0 ? [`${underWay} under way`] : []),
    ...(perMinute > 0 ? [`${perMinute.toFixed(perMinute < 10 ? 1 : 0)} a minute`] : []),
    ...(leftMs ? [`about ${durationText(leftMs)} left`] : []),
    moneyText(spent.costUsd),
    `${countText(spent.inputTokens + spent.outputTokens)} tokens`,
  ]
  return `${snapshot.simulated ? '(simulated) ' : ''}${parts.join(', ')}`
}

function cellRows({ cells }: RunSnapshot, most: number): string[] {
  const shown = cells.slice(0, most)
  const head = ['method', 'model', 'done', 'correct', '95 % interval', 'tokens', 'cost']
  const table = [head, ...shown.map(cellRow)]
  const widths = head.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
  const lines = table.map(row =>
    row.map((text, column) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join('  '),
  )
  return cells.length > most ? [...lines, `… and ${cells.length - most} more`] : lines
}

function cellRow(cell: CellProgress): string[] {
  const { low, high } = wilson(cell.correct, cell.scored)
  const percent = (share: number) => (100 * share).toFixed(1)
  return [
    cell.label.slice(0, 40),
    `${cell.model.slice(0, 40)}${cell.simulated ? ' (simulated)' : ''}`,
    `${cell.done}/${cell.total}`,
    cell.scored === 0 ? '–' : `${percent(cell.correct / cell.scored)} %`,
    cell.scored === 0 ? '' : `${percent(low)} to ${percent(high)}`,
    countText(cell.tokens),
    moneyText(cell.costUsd),
  ]
}

/** Nothing to say of a provider that works as it is set. */
export function providerWords(state: ProviderState): string[] {
  const { provider, concurrency, effective, pushedBack, away } = state
  if (away) {
    const next = away.nextInMs > 0 ? `next try in ${durationText(away.nextInMs)}` : 'trying'
    return [
      `${provider} is away for ${durationText(away.forMs)}, ${away.calls} calls wait, ${next}: ${harmless(away.why).slice(0, 120)}`,
    ]
  }
  if (pushedBack === 0) return []
  return [
    `${provider}: ${effective} calls at once of ${concurrency} configured (told ${pushedBack} times to slow down)`,
  ]
}

function failures({ errors }: RunSnapshot): string[] {
  const kinds = Object.entries(errors)
  return kinds.length === 0 ? [] : [`failures: ${kinds.map(([kind, count]) => `${count} × ${kind}`).join(', ')}`]
}

/** What a run is expected to use, in words. */
export function estimateText({ cells, inputTokens, outputTokens, costUsd, unknownPrices }: RunEstimate): string {
  const tokens = `${countText(inputTokens)} tokens in and ${countText(outputTokens)} out`
  const measured = cells.filter(cell => cell.items > 0).every(cell => cell.from === 'measured')
  const basis = measured ? 'by what this run took so far' : 'roughly, by what such methods use'
  const unknown = unknownPrices.length > 0 ? `, and an unknown price for ${unknownPrices.join(', ')}` : ''
  return `estimated ${tokens}, ${moneyText(costUsd)}${unknown} (${basis})`
}

export const moneyText = (usd: number | null) =>
  usd === null ? 'price unknown' : `$${usd.toFixed(usd > 0 && usd < 0.1 ? 4 : 2)}`

export const countText = (n: number) =>
  n < 10_000 ? String(n) : n < 1e6 ? `${(n / 1e3).toFixed(0)} k` : `${(n / 1e6).toFixed(1)} M`
