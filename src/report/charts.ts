import { LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'
import type { Cost, RunReport } from './run-report.ts'

export type Theme = 'light' | 'dark'

const inks: Readonly<Record<Theme, { readonly text: string; readonly line: string }>> = {
  light: { text: '#333333', line: '#dddddd' },
  dark: { text: '#dddddd', line: '#444444' },
}

/** Okabe and Ito's palette: told apart by colour-blind readers, on light and on dark. */
const palette = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#8c6bb1',
  '#7f7f7f',
  '#b2182b',
  '#1b9e77',
]

/** Draws an option as an SVG text, without a DOM. */
function svg(option: EChartsCoreOption, width: number, height: number): string {
  // Registering twice is harmless; registering on import would be a side effect.
  use([LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, LabelLayout, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(option)
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}

const axis = (theme: Theme, name: string, more: object = {}) => ({
  name,
  nameLocation: 'middle',
  nameGap: 30,
  nameTextStyle: { color: inks[theme].text },
  axisLabel: { color: inks[theme].text },
  axisLine: { lineStyle: { color: inks[theme].text } },
  splitLine: { lineStyle: { color: inks[theme].line } },
  ...more,
})

/** Accuracy over levels, one line per method, all tasks together. */
export function levelCurves(report: RunReport, theme: Theme): string | null {
  const levels = [...new Set(report.levels.map(row => row.level))].sort((a, b) => a - b)
  if (levels.length < 2) return null
  const series = report.columns.map(({ id }) => ({
    type: 'line',
    name: id,
    symbolSize: 6,
    data: levels.map(level => {
      const own = report.levels.filter(row => row.column === id && row.level === level)
      const n = own.reduce((sum, row) => sum + row.n, 0)
      return [level, n === 0 ? null : (100 * own.reduce((sum, row) => sum + row.correct, 0)) / n]
    }),
  }))
  const option = {
    animation: false,
    color: palette,
    grid: { left: 60, right: 20, top: 20, bottom: 45 + 22 * Math.ceil(report.columns.length / 3) },
    legend: { bottom: 0, textStyle: { color: inks[theme].text } },
    xAxis: axis(theme, 'level', { type: 'value', minInterval: 1, min: levels[0], max: levels.at(-1) }),
    yAxis: axis(theme, 'right, %', { type: 'value', min: 0, max: 100, nameGap: 38 }),
    series,
  }
  return svg(option, 720, 380)
}

export type CostKind = 'tokens' | 'costUsd' | 'seconds'

export const costNames: Readonly<Record<CostKind, string>> = {
  tokens: 'tokens per question, all roles',
  costUsd: 'US$ per question',
  seconds: 'seconds per question',
}

/** Accuracy against cost, one point per method, the frontier joined; null when the cost is unknown. */
export function costFrontier(report: RunReport, kind: CostKind, theme: Theme): string | null {
  const points = report.costs.flatMap(cost => {
    const [x, y] = [cost[kind], cost.accuracy]
    return x === null || y === null ? [] : [{ cost, x, y: 100 * y }]
  })
  if (points.length < 2 || points.every(point => point.x === 0)) return null
  const frontier = points
    .filter(
      point =>
        !points.some(
          other =>
            other !== point && other.x <= point.x && other.y >= point.y && (other.x < point.x || other.y > point.y),
        ),
    )
    .sort((a, b) => a.x - b.x)
  const label = ({ cost }: { readonly cost: Cost }) => cost.column
  const option = {
    animation: false,
    grid: { left: 60, right: 110, top: 20, bottom: 50 },
    xAxis: axis(theme, costNames[kind], { type: 'value', min: 0 }),
    yAxis: axis(theme, 'right, %', { type: 'value', min: 0, max: 100, nameGap: 38 }),
    series: [
      {
        type: 'line',
        symbol: 'none',
        lineStyle: { type: 'dashed', color: palette[1] },
        data: frontier.map(point => [point.x, point.y]),
      },
      {
        type: 'scatter',
        symbolSize: 9,
        itemStyle: { color: palette[0] },
        labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
        label: { show: true, position: 'right', color: inks[theme].text, formatter: '{b}' },
        data: points.map(point => ({ name: label(point), value: [point.x, point.y] })),
      },
    ],
  }
  return svg(option, 720, 380)
}
