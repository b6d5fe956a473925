import type { Bootstrapped } from '../../report/statistics/bootstrap.ts'
import type { RouterEvaluation } from '../../training/router/evaluate.ts'
import { textTable } from '../../util/text-table.ts'

const one = (value: number) => value.toFixed(1)
const interval = ({ mean, low, high }: Bootstrapped) => `${one(mean)} (${one(low)} to ${one(high)})`
const signed = (value: number) => `${value > 0 ? '+' : ''}${one(value)}`

/** An evaluation for a terminal: choosers, differences, calibration. */
export function evaluationText(found: RouterEvaluation): string {
  const { choosers, differences, bins, brier, brierDifference, sure } = found
  const table = textTable(
    ['first choice by', 'right, % of all', '% of decisive', 'tokens'],
    choosers.map(({ chooser, right, decided, tokens }) => [
      chooser,
      interval(right),
      interval(decided),
      String(Math.round(tokens)),
    ]),
    [0, 1, 2],
  )
  const gaps = differences.map(({ a, b, right }) => {
    const secure = right.low > 0 || right.high < 0
    return `  ${a} against ${b}: ${signed(right.mean)} points (${signed(right.low)} to ${signed(right.high)})${secure ? '' : ', not told apart'}`
  })
  const curve = textTable(
    ['said', 'n', 'mean said', 'code was right'],
    bins.map(({ from, to, n, said, was }) => [
      `${Math.round(100 * from)} to ${Math.round(100 * to)} %`,
      String(n),
      `${one(100 * said)} %`,
      `${one(100 * was)} %`,
    ]),
  )
  const decided =
    sure.decided === null ? '' : `, of the decisive ones among them ${one(100 * sure.decided)} % the right way`
  return `${[
    `On tasks that were held out${found.simulated ? ' (simulated)' : ''}: ${found.pairs} questions, ${found.decisive} decisive, ${found.tasks} tasks; means over tasks, 95 % intervals over tasks`,
    table.trimEnd(),
    '',
    ...gaps,
    '',
    `Sure enough (${Math.round(100 * found.threshold)} %) for ${one(100 * sure.share)} % of the questions${decided}`,
    `Brier score ${brier.mean.toFixed(3)} (${brier.low.toFixed(3)} to ${brier.high.toFixed(3)}); without reading the question ${found.brierOfBaseRate.toFixed(3)}; difference ${brierDifference.mean.toFixed(4)} (${brierDifference.low.toFixed(4)} to ${brierDifference.high.toFixed(4)})`,
    `Expected calibration error ${found.ece.toFixed(3)}`,
    curve.trimEnd(),
  ].join('\n')}\n`
}
