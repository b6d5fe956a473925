import { buckets, featureVersion, numberNames, vectorOf } from '../../coaches/_shared/router-features.ts'
import { codeProbability, type Router, routerFormat } from '../../coaches/_shared/router-file.ts'
import { InputError } from '../../errors.ts'
import { seededRng } from '../../util/rng.ts'
import { version } from '../../version.ts'
import { fitLogistic, type LogisticFit } from './logistic.ts'
import { isDecisive, type Pair, type Pairs, type Ways } from './pairs.ts'

/** A question with the way that was right, as numbers. */
export interface Example {
  readonly task: string
  readonly question: string
  readonly code: boolean
  readonly numbers: readonly number[]
  readonly grams: Float64Array
}

/** What decides of a question; a router's file is this and where it comes from. */
export type RouterModel = Pick<Router, 'penalty' | 'calibration' | 'bias' | 'numbers' | 'gramScale' | 'grams'>

/** Penalties tried, in an order in which one fit is a good beginning for the next; the one with the least loss on held-out tasks is taken. */
const penalties = [3_000, 1_000, 300, 100, 30, 10]
/** The penalty blurs the weights by much more than this. */
const tolerance = 1e-4
const gramScale = 1
const innerFolds = 5
const leastDecisive = 20

/** Decisive pairs as examples; the others say nothing of which way is right. */
export function examplesOf(pairs: readonly Pair[]): Example[] {
  return pairs.filter(isDecisive).map(({ task, question, codeRight }) => ({
    task,
    question,
    code: codeRight,
    ...vectorOf(question),
  }))
}

/** Throws InputError when there is too little to learn from, saying what is missing. */
export function refuseTooFew(examples: readonly Example[]): void {
  const codes = examples.filter(({ code }) => code).length
  const tasks = new Set(examples.map(({ task }) => task)).size
  const short =
    examples.length < leastDecisive
      ? `${examples.length} questions where one way alone was right, of at least ${leastDecisive}`
      : Math.min(codes, examples.length - codes) < 5
        ? `${codes} questions that only code got right and ${examples.length - codes} that only text did, of at least 5 each`
        : tasks < 4
          ? `${tasks} tasks, of at least 4`
          : null
  if (short === null) return
  throw new InputError(
    `too little to train a router on: ${short}`,
    'Run both methods on more tasks and samples: codesteer run experiments/text-or-code.json --models … --samples 5',
  )
}

/** Deals tasks into folds, so that no task is in two: what is measured is measured on tasks that were not trained on. */
export function foldsByTask(tasks: readonly string[], folds: number, seed: number): Map<string, number> {
  const different = seededRng('router-folds', seed).shuffle([...new Set(tasks)].sort())
  return new Map(different.map((task, i) => [task, i % folds]))
}

/**
 * Trains on decisive examples: the penalty by cross-validation over tasks, then Platt's calibration on the scores of
 * tasks held out in it, then the weights on everything. Pure; the seed deals the folds.
 */
export function trainModel(examples: readonly Example[], options: { readonly seed: number }): RouterModel {
  const tasks = examples.map(({ task }) => task)
  const fold = foldsByTask(tasks, innerFolds, options.seed)
  const parts = [...new Set(fold.values())].map(part => ({
    rest: examples.flatMap((example, i) => (fold.get(example.task) === part ? [] : [i])),
    held: examples.flatMap((example, i) => (fold.get(example.task) === part ? [i] : [])),
  }))
  const tables = parts.map(({ rest }) => table(rest.map(i => examples[i]!)))
  const fits: (LogisticFit | undefined)[] = parts.map(() => undefined)
  const best = penalties
    .map(penalty => {
      const scores = new Float64Array(examples.length)
      for (const [part, { held }] of parts.entries()) {
        fits[part] = fitTable(tables[part]!, penalty, fits[part])
        const weights = weightsOf(tables[part]!, fits[part])
        for (const i of held) scores[i] = scoreOfExample(weights, examples[i]!)
      }
      return { penalty, scores, loss: logLoss(scores, examples) }
    })
    .reduce((a, b) => (b.loss < a.loss - 1e-12 ? b : a))
  const whole = table(examples)
  return {
    ...weightsOf(whole, fitTable(whole, best.penalty)),
    penalty: best.penalty,
    calibration: platt(best.scores, examples),
  }
}

type Weights = Pick<RouterModel, 'bias' | 'numbers' | 'gramScale' | 'grams'>

function scoreOfExample({ bias, numbers, grams }: Weights, example: Example): number {
  let sum = bias
  for (const [i, { mean, scale, weight }] of numbers.entries()) sum += (weight * (example.numbers[i]! - mean)) / scale
  for (let i = 0; i < buckets; i++) sum += gramScale * grams[i]! * example.grams[i]!
  return sum
}

interface Table {
  readonly scales: readonly { readonly mean: number; readonly scale: number }[]
  readonly rows: readonly Float64Array[]
  readonly targets: readonly number[]
}

/** Numbers are standardised by these very examples; words keep their scale, so that rare ones are not blown up. */
function table(examples: readonly Example[]): Table {
  const scales = numberNames.map((_, i) => {
    const values = examples.map(({ numbers }) => numbers[i]!)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    return { mean, scale: variance > 1e-12 ? Math.sqrt(variance) : 1 }
  })
  const rows = examples.map(({ numbers, grams }) =>
    Float64Array.from([
      ...numbers.map((value, i) => (value - scales[i]!.mean) / scales[i]!.scale),
      ...grams.map(value => gramScale * value),
    ]),
  )
  return { scales, rows, targets: examples.map(({ code }) => Number(code)) }
}

const fitTable = ({ rows, targets }: Table, penalty: number, from?: LogisticFit) =>
  fitLogistic(rows, { penalty, targets, tolerance, ...(from ? { from } : {}) })

function weightsOf({ scales }: Table, { bias, weights }: LogisticFit): Weights {
  return {
    bias,
    numbers: numberNames.map((name, i) => ({ name, ...scales[i]!, weight: weights[i]! })),
    gramScale,
    grams: [...weights.slice(numberNames.length)],
  }
}

function logLoss(scores: Float64Array, examples: readonly Example[]): number {
  return scores.reduce((sum, score, i) => {
    const signed = examples[i]!.code ? score : -score
    return sum + Math.log1p(Math.exp(-Math.abs(signed))) + Math.max(0, -signed)
  }, 0)
}

/**
 * Platt's scaling (Platt 1999) with his targets, which keep a few examples from claiming certainty. Scores that point the
 * wrong way on held-out tasks are worth nothing, not the opposite: the slope is then 0 and the base rate remains.
 */
export function platt(
  scores: ArrayLike<number>,
  examples: readonly { readonly code: boolean }[],
): Router['calibration'] {
  const codes = examples.filter(({ code }) => code).length
  const targets = examples.map(({ code }) => (code ? (codes + 1) / (codes + 2) : 1 / (examples.length - codes + 2)))
  const rows = Array.from(scores, score => Float64Array.of(score))
  // The faintest of penalties, for scores that are all the same.
  const { bias, weights } = fitLogistic(rows, { penalty: 1e-9, targets })
  if (weights[0]! > 0) return { slope: weights[0]!, offset: bias }
  const rate = targets.reduce((sum, target) => sum + target, 0) / targets.length
  return { slope: 0, offset: Math.log(rate / (1 - rate)) }
}

export interface TrainFacts {
  readonly runs: readonly string[]
  readonly ways: Ways
  readonly seed: number
  readonly folds: number
  readonly threshold: number
  /** When, by the caller's clock: milliseconds since 1970. */
  readonly nowMs: number
}

/** A router's file: the trained model, what it was trained on, and what it reached on held-out tasks. */
export function routerOf(model: RouterModel, found: Pairs, heldOut: Router['heldOut'], facts: TrainFacts): Router {
  const { pairs } = found
  const count = (text: boolean, code: boolean) =>
    pairs.filter(pair => pair.textRight === text && pair.codeRight === code).length
  const different = <T extends string>(of: (pair: Pair) => T) => [...new Set(pairs.map(of))].sort()
  return {
    type: 'codesteer-router',
    format: routerFormat,
    featureVersion,
    trained: {
      at: new Date(facts.nowMs).toISOString(),
      version,
      runs: [...facts.runs],
      textMethod: facts.ways.text,
      codeMethod: facts.ways.code,
      models: different(pair => pair.model),
      tasks: different(pair => pair.task),
      pools: different(pair => pair.pool),
      seed: facts.seed,
      folds: facts.folds,
      counts: {
        pairs: pairs.length,
        decisive: pairs.filter(isDecisive).length,
        onlyText: count(true, false),
        onlyCode: count(false, true),
        both: count(true, true),
        neither: count(false, false),
        unscored: found.unscored,
        otherVersion: found.otherVersion,
      },
      simulated: pairs.some(pair => pair.simulated),
    },
    heldOut,
    threshold: facts.threshold,
    ...model,
  }
}

/** The model as a function of the question. */
export const predictor = (model: RouterModel) => (question: string) => codeProbability(model, question)
