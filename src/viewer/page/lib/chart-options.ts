import type { Option } from './charts.ts'

/** As many as the style sheet has; further series begin again, with another symbol. */
const colours = Array.from({ length: 10 }, (_, index) => `var(--series-${index})`)
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond']
const ink = 'var(--ink)'
const muted = 'var(--muted)'
const line = 'var(--line)'
const font = 'system-ui, sans-serif'

export const seriesColour = (index: number) => colours[index % colours.length]!

const axis = (name: string, gap: number, more: object) => ({
  type: 'value',
  name,
  nameLocation: 'middle',
  nameGap: gap,
  nameTextStyle: { color: muted, fontFamily: font },
  axisLabel: { color: muted, fontFamily: font, hideOverlap: true },
  axisLine: { lineStyle: { color: line } },
  axisTick: { lineStyle: { color: line } },
  splitLine: { lineStyle: { color: line } },
  ...more,
})

export interface Curve {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number | null])[]
}

const widest = (names: readonly string[]) => Math.min(170, 12 + 7 * Math.max(0, ...names.map(name => name.length)))

/** Lines with their names at the end where there is room, else a legend below. */
export function curvesOption(
  curves: readonly Curve[],
  axes: { readonly x: string; readonly y: string; readonly percent: boolean; readonly wholeX: boolean },
  width: number,
): Option {
  const names = curves.map(curve => curve.name)
  const direct = width >= 560
  const legendRows = Math.ceil((names.length * (widest(names) + 30)) / Math.max(width, 1))
  const xs = curves.flatMap(curve => curve.points.map(point => point[0]))
  return {
    animation: false,
    textStyle: { fontFamily: font },
    color: colours,
    grid: {
      left: 56,
      right: direct ? widest(names) : 16,
      top: 12,
      bottom: direct ? 44 : 50 + 20 * legendRows,
      containLabel: false,
    },
    ...(direct ? {} : { legend: { bottom: 0, textStyle: { color: ink }, itemHeight: 9 } }),
    xAxis: axis(axes.x, 28, { min: Math.min(...xs), max: Math.max(...xs), ...(axes.wholeX ? { minInterval: 1 } : {}) }),
    yAxis: axis(axes.y, 40, axes.percent ? { min: 0, max: 100 } : { scale: true }),
    series: curves.map((curve, index) => ({
      type: 'line',
      name: curve.name,
      data: curve.points.map(point => [...point]),
      symbol: symbols[index % symbols.length],
      symbolSize: curve.points.length > 60 ? 0 : 7,
      lineStyle: { width: 2 },
      silent: true,
      emphasis: { disabled: true },
      endLabel: { show: direct, formatter: '{a}', color: ink, fontFamily: font, distance: 6 },
      labelLayout: { moveOverlap: 'shiftY' },
    })),
  }
}

export interface CostPoint {
  readonly name: string
  readonly x: number
  /** Per cent, with its interval. */
  readonly y: number
  readonly low: number
  readonly high: number
  readonly frontier: boolean
}

/** Points that no other beats in both cost and right answers. */
export function frontierOf<P extends { readonly x: number; readonly y: number }>(points: readonly P[]): P[] {
  return points.filter(
    point =>
      !points.some(
        other =>
          other !== point && other.x <= point.x && other.y >= point.y && (other.x < point.x || other.y > point.y),
      ),
  )
}

type Side = 'right' | 'left' | 'bottom'

/**
 * Where each name goes so that it covers no other point: to the right of its own, else to the left, else below. Places
 * are estimated in pixels, which is good enough for names of a dozen letters.
 */
export function sides(points: readonly CostPoint[], width: number, height: number): Side[] {
  const most = Math.max(...points.map(point => point.x), Number.MIN_VALUE)
  const at = ({ x, y }: CostPoint) => [(x / most) * width, (1 - y / 100) * height] as const
  return points.map(point => {
    const [px, py] = at(point)
    const length = 14 + 6.5 * point.name.length
    const near = points.filter(other => other !== point && Math.abs(at(other)[1] - py) < 14)
    if (!near.some(other => at(other)[0] >= px && at(other)[0] < px + length)) return 'right'
    return px > length && !near.some(other => at(other)[0] <= px && at(other)[0] > px - length) ? 'left' : 'bottom'
  })
}

interface CustomApi {
  value(dimension: number): number
  coord(at: readonly [number, number]): readonly [number, number]
}

/** Right answers against cost: points with their intervals and names, the frontier as a dashed line. */
export function costOption(points: readonly CostPoint[], name: string, width: number): Option {
  const frontier = points.filter(point => point.frontier).toSorted((one, other) => one.x - other.x)
  const roomy = width >= 560
  const placed = sides(points, width - 56 - widest(points.map(point => point.name)), 330)
  return {
    animation: false,
    textStyle: { fontFamily: font },
    grid: { left: 56, right: roomy ? widest(points.map(point => point.name)) : 24, top: 12, bottom: 44 },
    xAxis: axis(name, 28, { min: 0 }),
    yAxis: axis('right, %', 36, { min: 0, max: 100 }),
    series: [
      {
        type: 'line',
        symbol: 'none',
        silent: true,
        lineStyle: { type: 'dashed', color: muted, width: 1.5 },
        data: frontier.map(point => [point.x, point.y]),
      },
      {
        type: 'custom',
        silent: true,
        data: points.map(point => [point.x, point.low, point.high]),
        renderItem: (_: unknown, api: CustomApi) => {
          const [x, top] = api.coord([api.value(0), api.value(2)])
          const bottom = api.coord([api.value(0), api.value(1)])[1]
          return {
            type: 'line',
            shape: { x1: x, y1: top, x2: x, y2: bottom },
            style: { stroke: 'var(--series-0)', lineWidth: 1.5, opacity: 0.55 },
          }
        },
      },
      {
        type: 'scatter',
        symbolSize: 10,
        silent: true,
        itemStyle: { color: 'var(--series-0)', opacity: 1 },
        emphasis: { disabled: true },
        labelLayout: { hideOverlap: !roomy, moveOverlap: 'shiftY' },
        label: {
          show: true,
          position: 'right',
          color: ink,
          textBorderColor: 'var(--paper)',
          textBorderWidth: 3,
          fontFamily: font,
          fontSize: roomy ? 12 : 10,
          formatter: '{b}',
        },
        data: points.map((point, index) => ({
          name: point.name,
          value: [point.x, point.y],
          label: { position: placed[index] },
        })),
      },
    ],
  }
}
