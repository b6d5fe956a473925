/**
 * The adaptive search of the level at which a method is right half of the time: a Bayesian estimate of a logistic curve
 * over the levels, on a grid (Watson and Pelli 1983), asking next where the answer is expected to tell most (Kontsevich
 * and Tyler 1999, with the slope as a nuisance as in Prins 2013). Pure: observations in, estimate out.
 */

/** One judged question. */
export interface Observation {
  /** 1-based. */
  readonly level: number
  readonly right: boolean
}

export interface StaircaseOptions {
  /** How many levels the task has. */
  readonly levels: number
  /** Share of wrong answers that no level is easy enough to avoid; fixed, 0 to below 0.5. */
  readonly lapse: number
  /** Of the credible interval, e.g. 0.95. */
  readonly confidence: number
  /** The search ends when the interval is at most so many levels wide. */
  readonly width: number
  /** The search ends after so many judged questions. */
  readonly questions: number
}

export const staircaseDefaults = { lapse: 0.02, confidence: 0.95, width: 1.5, questions: 40 } as const

/** Where half is right, in levels (they may lie between two, and outside of the task's). */
export interface HalfLevel {
  /** Median of the posterior. */
  readonly estimate: number
  readonly low: number
  readonly high: number
  /** Posterior probability that it lies above the top level, and below level 1. */
  readonly above: number
  readonly below: number
}

/**
 * Why a search ends. `narrow`: the interval has the wanted width. `above`, `below`: censored; half is right only beyond
 * the top level or before level 1, with the stated confidence. `questions`: the limit was reached first.
 */
export type StaircaseStop = 'narrow' | 'above' | 'below' | 'questions'

export interface StaircaseState {
  readonly half: HalfLevel
  /** Median of the slope: logits of being right lost per level. */
  readonly slope: number
  readonly asked: number
  /** Per level, from 1: what was seen and what the curve says. */
  readonly curve: readonly CurvePoint[]
  readonly stop: StaircaseStop | null
  /** The level to ask next; it is stated even where the search ends. */
  readonly next: number
}

export interface CurvePoint {
  readonly level: number
  readonly right: number
  readonly asked: number
  /** Probability of being right by the posterior mean of the curve. */
  readonly fitted: number
}

/** How far beyond the levels the threshold may lie, in levels, and the step of its grid. */
const beyond = 3
const step = 0.1
const slopes = Array.from({ length: 14 }, (_, i) => 0.35 * (8 / 0.35) ** (i / 13))
/** A lucky beginning is no reason to stop. */
const fewest = 10

/**
 * The probability of a right answer at a level, for the threshold at which it is exactly a half, a slope in logits per
 * level (falling), and a lapse rate.
 */
export function chanceOfRight(level: number, threshold: number, slope: number, lapse: number): number {
  const shift = Math.log(0.5 / (0.5 - lapse))
  return (1 - lapse) / (1 + Math.exp(slope * (level - threshold) - shift))
}

/** What the observations so far say, whether the search is over, and which level to ask next. */
export function staircase(observations: readonly Observation[], options: StaircaseOptions): StaircaseState {
  const grid = gridOf(options)
  const posterior = posteriorOf(observations, grid)
  const overThreshold = marginal(posterior, grid.thresholds.length, i => Math.floor(i / slopes.length))
  const half = halfLevel(grid.thresholds, overThreshold, options)
  const asked = observations.length
  return {
    half,
    slope: quantile(
      slopes,
      marginal(posterior, slopes.length, i => i % slopes.length),
      0.5,
    ),
    asked,
    curve: grid.chances.map((chances, i) => {
      const own = observations.filter(({ level }) => level === i + 1)
      return {
        level: i + 1,
        right: own.filter(({ right }) => right).length,
        asked: own.length,
        fitted: dot(posterior, chances),
      }
    }),
    stop: stopOf(half, asked, options),
    next: mostTelling(grid, posterior, overThreshold),
  }
}

interface Grid {
  readonly thresholds: readonly number[]
  /** By level: the chance of a right answer in every cell (threshold by slope, slopes innermost). */
  readonly chances: readonly Float64Array[]
}

let lastGrid: { readonly key: string; readonly grid: Grid } | undefined

/** The grid of the last options is kept: it takes longer to make than everything else. */
function gridOf({ levels, lapse }: StaircaseOptions): Grid {
  const key = `${levels}/${lapse}`
  if (lastGrid?.key !== key) lastGrid = { key, grid: makeGrid(levels, lapse) }
  return lastGrid.grid
}

function makeGrid(levels: number, lapse: number): Grid {
  if (!(Number.isInteger(levels) && levels >= 1 && lapse >= 0 && lapse < 0.5))
    throw new RangeError(`staircase: ${levels} levels, lapse ${lapse}`)
  const count = Math.round((levels - 1 + 2 * beyond) / step) + 1
  const thresholds = Array.from({ length: count }, (_, i) => 1 - beyond + i * step)
  const chances = Array.from({ length: levels }, (_, i) =>
    Float64Array.from(
      thresholds.flatMap(threshold => slopes.map(slope => chanceOfRight(i + 1, threshold, slope, lapse))),
    ),
  )
  return { thresholds, chances }
}

/** Every threshold and every logarithm of the slope on the grid is as likely beforehand. */
function posteriorOf(observations: readonly Observation[], { thresholds, chances }: Grid): Float64Array {
  const weights = new Float64Array(thresholds.length * slopes.length).fill(1)
  for (const { level, right } of observations) {
    const own = chances[level - 1]
    if (!own) throw new RangeError(`staircase: no level ${level}`)
    for (let i = 0; i < weights.length; i++) weights[i]! *= right ? own[i]! : 1 - own[i]!
    // Many observations would underflow.
    normalise(weights)
  }
  return normalise(weights)
}

function stopOf(
  { low, high, above, below }: HalfLevel,
  asked: number,
  options: StaircaseOptions,
): StaircaseStop | null {
  // One side of the interval: it lies wholly beyond the levels.
  const sure = 1 - (1 - options.confidence) / 2
  const censored = above >= sure ? 'above' : below >= sure ? 'below' : null
  if (asked >= options.questions) return censored ?? 'questions'
  if (asked < fewest) return null
  if (censored) return censored
  return high - low <= options.width ? 'narrow' : null
}

function halfLevel(thresholds: readonly number[], weights: Float64Array, options: StaircaseOptions): HalfLevel {
  const side = (1 - options.confidence) / 2
  const massWhere = (holds: (threshold: number) => boolean) =>
    thresholds.reduce((sum, threshold, i) => sum + (holds(threshold) ? weights[i]! : 0), 0)
  return {
    estimate: quantile(thresholds, weights, 0.5),
    low: quantile(thresholds, weights, side),
    high: quantile(thresholds, weights, 1 - side),
    above: massWhere(threshold => threshold > options.levels),
    below: massWhere(threshold => threshold < 1),
  }
}

/** The level whose answer is expected to lower the entropy of the threshold most; the lowest of equals. */
function mostTelling({ thresholds, chances }: Grid, posterior: Float64Array, overThreshold: Float64Array): number {
  let best = { level: 1, left: Number.POSITIVE_INFINITY }
  for (const [i, chance] of chances.entries()) {
    const right = new Float64Array(thresholds.length)
    for (let cell = 0; cell < posterior.length; cell++)
      right[Math.floor(cell / slopes.length)]! += posterior[cell]! * chance[cell]!
    const wrong = overThreshold.map((weight, t) => weight - right[t]!)
    const left = massTimesEntropy(right) + massTimesEntropy(wrong)
    if (left < best.left - 1e-12) best = { level: i + 1, left }
  }
  return best.level
}

/** The mass of unnormalised weights times the entropy of what they are when normalised. */
function massTimesEntropy(weights: Float64Array): number {
  let [mass, sum] = [0, 0]
  for (const weight of weights) {
    if (weight <= 0) continue
    mass += weight
    sum -= weight * Math.log(weight)
  }
  return mass > 0 ? sum + mass * Math.log(mass) : 0
}

function marginal(weights: Float64Array, size: number, cellOf: (i: number) => number): Float64Array {
  const sums = new Float64Array(size)
  for (const [i, weight] of weights.entries()) sums[cellOf(i)]! += weight
  return sums
}

/** The value below which a share of the mass lies; each grid value's mass is spread evenly to half way to its neighbours. */
function quantile(values: readonly number[], weights: Float64Array, share: number): number {
  let below = 0
  for (const [i, weight] of weights.entries()) {
    if (below + weight >= share && weight > 0) {
      const from = i === 0 ? values[0]! : (values[i - 1]! + values[i]!) / 2
      const to = i === values.length - 1 ? values[i]! : (values[i]! + values[i + 1]!) / 2
      return from + (to - from) * ((share - below) / weight)
    }
    below += weight
  }
  return values.at(-1)!
}

function normalise(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  for (let i = 0; i < weights.length; i++) weights[i]! /= sum
  return weights
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
