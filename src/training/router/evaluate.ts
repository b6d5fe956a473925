import { choiceByFeatures } from '../../coaches/_shared/features.ts'
import type { Router } from '../../coaches/_shared/router-file.ts'
import { type Bootstrapped, bootstrapMean } from '../../report/statistics/bootstrap.ts'
import { seededRng } from '../../util/rng.ts'
import { isDecisive, type Pair } from './pairs.ts'
import { examplesOf, foldsByTask, predictor, trainModel } from './train.ts'

/** A pair with the probability of code that a router which never saw its task gives. */
export interface Predicted {
  readonly pair: Pair
  readonly code: number
  /** Share of code among the decisive pairs that it was trained on: what one says who has not read the question. */
  readonly base: number
}

/** Tasks are held out fold after fold; each time the whole training is done on the rest, its penalty and calibration too. */
export function crossValidate(
  pairs: readonly Pair[],
  options: { readonly seed: number; readonly folds: number },
): Predicted[] {
  const decisive = pairs.filter(isDecisive)
  // The others are predicted as well, with the fold of their task.
  const fold = foldsByTask(
    pairs.map(pair => pair.task),
    options.folds,
    options.seed,
  )
  const predicted: Predicted[] = []
  for (const part of [...new Set(fold.values())].sort((a, b) => a - b)) {
    const examples = examplesOf(decisive.filter(pair => fold.get(pair.task) !== part))
    const base = mean(examples.map(({ code }) => Number(code)))
    const predict = predictor(trainModel(examples, options))
    for (const pair of pairs)
      if (fold.get(pair.task) === part) predicted.push({ pair, code: predict(pair.question), base })
  }
  return predicted
}

/** Ways to make the first choice that are held against each other. */
export type Chooser = 'router' | 'router, else rules' | 'rules' | 'always code' | 'always text' | 'better of both'

export interface ChooserResult {
  readonly chooser: Chooser
  /** Share of all judged questions right when its choice is followed, per cent, mean over tasks. */
  readonly right: Bootstrapped
  /** Share of the decisive questions sent the right way, per cent, mean over tasks. */
  readonly decided: Bootstrapped
  /** Mean tokens of the chosen way. */
  readonly tokens: number
}

export interface Difference {
  readonly a: Chooser
  readonly b: Chooser
  /** In points of all judged questions. */
  readonly right: Bootstrapped
}

export interface Bin {
  readonly from: number
  readonly to: number
  readonly n: number
  /** Mean probability of code that was said, and the share for which code was right. */
  readonly said: number
  readonly was: number
}

export interface RouterEvaluation {
  readonly pairs: number
  readonly decisive: number
  readonly tasks: number
  readonly simulated: boolean
  readonly choosers: readonly ChooserResult[]
  readonly differences: readonly Difference[]
  /** Squared error of the probability on decisive questions, mean over tasks. */
  readonly brier: Bootstrapped
  /** The same for one who has not read the question and always says the share of code in training; and the difference. */
  readonly brierOfBaseRate: number
  readonly brierDifference: Bootstrapped
  readonly ece: number
  readonly bins: readonly Bin[]
  readonly threshold: number
  /** Share of all questions for which the router is sure enough, and of the decisive ones among them sent the right way. */
  readonly sure: { readonly share: number; readonly n: number; readonly decided: number | null }
}

export interface EvaluateOptions {
  readonly threshold: number
  readonly seed: number
  readonly resamples: number
}

const choosers: readonly Chooser[] = [
  'router',
  'router, else rules',
  'rules',
  'always code',
  'always text',
  'better of both',
]

/** What predictions are worth, against the rules and against either way always. Intervals are over tasks. */
export function evaluate(predicted: readonly Predicted[], options: EvaluateOptions): RouterEvaluation {
  const decisive = predicted.filter(({ pair }) => isDecisive(pair))
  const bootstrap = (values: readonly { readonly task: string; readonly value: number }[], name: string) =>
    bootstrapMean(clusters(values), {
      rng: seededRng('router-evaluation', options.seed, name),
      resamples: options.resamples,
    })
  const right = (chooser: Chooser, one: Predicted) => 100 * Number(isRight(one.pair, choice(chooser, one, options)))
  const over = (some: readonly Predicted[], value: (one: Predicted) => number) =>
    some.map(one => ({ task: one.pair.task, value: value(one) }))
  const bins = calibrationBins(decisive)
  const sure = predicted.filter(one => isSure(one, options))
  const sureDecisive = sure.filter(({ pair }) => isDecisive(pair))
  return {
    pairs: predicted.length,
    decisive: decisive.length,
    tasks: new Set(predicted.map(({ pair }) => pair.task)).size,
    simulated: predicted.some(({ pair }) => pair.simulated),
    choosers: choosers.map(chooser => ({
      chooser,
      right: bootstrap(
        over(predicted, one => right(chooser, one)),
        chooser,
      ),
      decided: bootstrap(
        over(decisive, one => right(chooser, one)),
        chooser,
      ),
      tokens: mean(predicted.map(one => tokensOf(one.pair, choice(chooser, one, options)))),
    })),
    differences: (['rules', 'always code', 'always text'] as const).flatMap(b =>
      (['router', 'router, else rules'] as const).map(a => ({
        a,
        b,
        right: bootstrap(
          over(predicted, one => right(a, one) - right(b, one)),
          `${a}-${b}`,
        ),
      })),
    ),
    brier: bootstrap(over(decisive, squaredError), 'brier'),
    brierOfBaseRate: bootstrap(over(decisive, baseError), 'base').mean,
    brierDifference: bootstrap(
      over(decisive, one => squaredError(one) - baseError(one)),
      'brier-base',
    ),
    ece: bins.reduce((sum, { n, said, was }) => sum + (n / decisive.length) * Math.abs(said - was), 0),
    bins,
    threshold: options.threshold,
    sure: {
      share: sure.length / Math.max(1, predicted.length),
      n: sure.length,
      decided: sureDecisive.length === 0 ? null : mean(sureDecisive.map(one => right('router', one))) / 100,
    },
  }
}

/** The figures that a router's file carries. */
export function heldOutOf(predicted: readonly Predicted[]): Router['heldOut'] {
  const decisive = predicted.filter(({ pair }) => isDecisive(pair))
  const bins = calibrationBins(decisive)
  return {
    n: decisive.length,
    tasks: new Set(decisive.map(({ pair }) => pair.task)).size,
    accuracy: mean(decisive.map(({ pair, code }) => Number(isRight(pair, code >= 0.5 ? 'code' : 'text')))),
    brier: mean(decisive.map(squaredError)),
    ece: bins.reduce((sum, { n, said, was }) => sum + (n / decisive.length) * Math.abs(said - was), 0),
  }
}

const squaredError = ({ pair, code }: Predicted) => (code - Number(pair.codeRight)) ** 2
const baseError = ({ pair, base }: Predicted) => (base - Number(pair.codeRight)) ** 2
const isSure = ({ code }: Predicted, { threshold }: EvaluateOptions) => Math.max(code, 1 - code) >= threshold

function choice(chooser: Chooser, one: Predicted, options: EvaluateOptions): 'text' | 'code' {
  const byRouter = one.code >= 0.5 ? 'code' : 'text'
  switch (chooser) {
    case 'router':
      return byRouter
    case 'router, else rules':
      return isSure(one, options) ? byRouter : choiceByFeatures(one.pair.question).way
    case 'rules':
      return choiceByFeatures(one.pair.question).way
    case 'always code':
      return 'code'
    case 'always text':
      return 'text'
    case 'better of both':
      return one.pair.codeRight ? 'code' : 'text'
  }
}

const isRight = (pair: Pair, way: 'text' | 'code') => (way === 'code' ? pair.codeRight : pair.textRight)
const tokensOf = (pair: Pair, way: 'text' | 'code') => (way === 'code' ? pair.codeTokens : pair.textTokens)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

function clusters(values: readonly { readonly task: string; readonly value: number }[]): number[][] {
  const tasks = new Map<string, number[]>()
  for (const { task, value } of values) tasks.set(task, [...(tasks.get(task) ?? []), value])
  return [...tasks.values()]
}

/** Ten bins of equal width over the probability of code; empty ones are left out. */
export function calibrationBins(decisive: readonly Predicted[]): Bin[] {
  return Array.from({ length: 10 }, (_, i) => {
    const own = decisive.filter(({ code }) => Math.min(9, Math.floor(code * 10)) === i)
    return {
      from: i / 10,
      to: (i + 1) / 10,
      n: own.length,
      said: mean(own.map(({ code }) => code)),
      was: mean(own.map(({ pair }) => Number(pair.codeRight))),
    }
  }).filter(({ n }) => n > 0)
}
