/** A bar of the chart: the level and its mean effort. */
interface Bar {
  readonly level: number
  readonly effort: number
}

const width = 640
const height = 220
const frame = { left: 16, right: 16, top: 46, bottom: 34 }

/** Beyond this ratio the low bars of a linear scale would vanish. */
const linearUpTo = 30

/**
 * The difficulty curve as an SVG of its own, readable on light and dark pages. Bars are proportional to the effort, or to
 * its logarithm where the levels lie far apart; the chart says which.
 */
export function difficultyCurve(title: string, efforts: readonly number[]): string {
  const bars = efforts.map((effort, i): Bar => ({ level: i + 1, effort }))
  const [low, high] = [Math.min(...efforts), Math.max(...efforts)]
  const logarithmic = low > 0 && high / low > linearUpTo
  const room = height - frame.top - frame.bottom
  const share = (effort: number) =>
    logarithmic ? 0.08 + 0.92 * (Math.log(effort / low) / Math.log(high / low)) : effort / high
  const step = (width - frame.left - frame.right) / bars.length
  const scale = logarithmic ? 'logarithmic scale' : 'linear scale'
  const drawn = bars.map(({ level, effort }) => {
    const [x, tall] = [frame.left + step * (level - 1), Math.max(1, Math.round(room * share(effort)))]
    const [top, middle] = [frame.top + room - tall, Math.round(x + step / 2)]
    return [
      `<rect class="bar" x="${Math.round(x + step * 0.15)}" y="${top}" width="${Math.round(step * 0.7)}" height="${tall}" rx="2"/>`,
      `<text x="${middle}" y="${top - 6}" text-anchor="middle">${effortText(effort)}</text>`,
      `<text class="dim" x="${middle}" y="${height - 14}" text-anchor="middle">level ${level}</text>`,
    ].join('')
  })
  const heading = `${escaped(title)}: effort by level`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t">
<title id="t">${heading}, ${scale}: ${efforts.map(effortText).join(', ')}</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.dim { fill: #59636e }
.bar { fill: #0969da }
.floor { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.dim { fill: #9198a1 }
.bar { fill: #4493f8 }
.floor { stroke: #3d444d }
}
</style>
<text x="${frame.left}" y="20">${heading}</text><text class="dim" x="${width - frame.right}" y="20" text-anchor="end">mean of draws, ${scale}</text>
<line class="floor" x1="${frame.left}" x2="${width - frame.right}" y1="${frame.top + room}" y2="${frame.top + room}"/>
${drawn.join('\n')}
</svg>
`
}

/** Three digits are enough for a curve: `9.5`, `1,240`, `31.2 M`. */
export function effortText(effort: number): string {
  if (effort >= 1e15) return effort.toExponential(1)
  const units: readonly (readonly [number, string])[] = [
    [1e12, ' T'],
    [1e9, ' G'],
    [1e6, ' M'],
    [1, ''],
  ]
  const [unit, letter] = units.find(([least]) => effort >= least) ?? [1, '']
  const digits = effort >= 1_000 && unit === 1 ? 4 : 3
  return `${Number((effort / unit).toPrecision(digits)).toLocaleString('en')}${letter}`
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
