import { CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent } from 'echarts/components'
import { type ECharts, type EChartsCoreOption, init, use } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'

export type Option = EChartsCoreOption

/** Starts a chart in an element. Colours are the style sheet's variables, so a change of scheme needs no new drawing. */
export function startChart(element: HTMLElement): ECharts {
  use([LineChart, ScatterChart, CustomChart, GridComponent, LegendComponent, LabelLayout, SVGRenderer])
  return init(element, null, { renderer: 'svg' })
}
