/** Counters, gauges and histograms in the text format of Prometheus (version 0.0.4). */
export interface Metrics {
  count(name: string, labels: Labels, by?: number): void
  observe(name: string, labels: Labels, value: number): void
  /** A value read when somebody looks. */
  gauge(name: string, read: () => number): void
  text(): string
}

export type Labels = Readonly<Record<string, string>>

const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]

/** What each metric is; one that is not listed here cannot be counted. */
const about: Readonly<Record<string, readonly [type: 'counter' | 'gauge' | 'histogram', help: string]>> = {
  codesteer_requests_total: ['counter', 'HTTP requests by route and status'],
  codesteer_refused_total: ['counter', 'Requests refused, by error code'],
  codesteer_trajectories_total: ['counter', 'Questions steered, by model and stop reason'],
  codesteer_turns_total: ['counter', 'Turns of all trajectories'],
  codesteer_tokens_total: ['counter', 'Tokens by role (task, coach, checker) and kind (input, output)'],
  codesteer_cost_usd_total: ['counter', 'US dollars by the price table, of trajectories whose price is known'],
  codesteer_in_flight: ['gauge', 'Requests worked on now'],
  codesteer_request_seconds: ['histogram', 'Duration of requests, by route'],
}

interface Histogram {
  readonly counts: number[]
  sum: number
  count: number
}

/** Empty metrics. */
export function metrics(): Metrics {
  const counters = new Map<string, Map<string, number>>()
  const histograms = new Map<string, Map<string, Histogram>>()
  const gauges = new Map<string, () => number>()
  return {
    count(name, labels, by = 1) {
      const series = seriesOf(counters, name)
      const key = labelText(labels)
      series.set(key, (series.get(key) ?? 0) + by)
    },
    observe(name, labels, value) {
      const series = seriesOf(histograms, name)
      const key = labelText(labels)
      const histogram = series.get(key) ?? { counts: buckets.map(() => 0), sum: 0, count: 0 }
      for (const [i, limit] of buckets.entries()) if (value <= limit) histogram.counts[i]!++
      histogram.sum += value
      histogram.count++
      series.set(key, histogram)
    },
    gauge: (name, read) => void gauges.set(name, read),
    text() {
      const lines: string[] = []
      for (const [name, [type, help]] of Object.entries(about)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
        for (const [labels, value] of counters.get(name) ?? []) lines.push(`${name}${braced(labels)} ${value}`)
        for (const [labels, one] of histograms.get(name) ?? []) lines.push(...histogramLines(name, labels, one))
        const read = gauges.get(name)
        if (read) lines.push(`${name} ${read()}`)
      }
      return `${lines.join('\n')}\n`
    },
  }
}

function seriesOf<T>(all: Map<string, Map<string, T>>, name: string): Map<string, T> {
  if (!(name in about)) throw new TypeError(`no metric ${name}`)
  const known = all.get(name)
  if (known) return known
  const made = new Map<string, T>()
  all.set(name, made)
  return made
}

const escaped = (value: string) => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
const labelText = (labels: Labels) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')
const braced = (labels: string) => (labels === '' ? '' : `{${labels}}`)

function histogramLines(name: string, labels: string, { counts, sum, count }: Histogram): string[] {
  const upTo = (limit: string, value: number) =>
    `${name}_bucket${braced([labels, `le="${limit}"`].filter(part => part !== '').join(','))} ${value}`
  return [
    ...buckets.map((limit, i) => upTo(String(limit), counts[i]!)),
    upTo('+Inf', count),
    `${name}_sum${braced(labels)} ${sum}`,
    `${name}_count${braced(labels)} ${count}`,
  ]
}
