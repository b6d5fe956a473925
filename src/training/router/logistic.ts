/**
 * Logistic regression with an L2 penalty, by Newton's method; each step is solved by conjugate gradients, so no matrix of
 * all pairs of features is made (iteratively reweighted least squares; Lin, Weng and Keerthi 2008).
 */

export interface LogisticFit {
  readonly bias: number
  readonly weights: Float64Array
  readonly iterations: number
}

export interface LogisticOptions {
  /** Of half the squared weights, beside the sum of the losses; the bias is free. */
  readonly penalty: number
  /** What each row is to come out as, 0 to 1. */
  readonly targets: ArrayLike<number>
  /** It stops when the gradient is this much shorter than where every weight is 0. Default 1e-9. */
  readonly tolerance?: number
  /** Where to begin, e.g. the fit for another penalty. */
  readonly from?: LogisticFit
}

const mostSteps = 100

/** Fits rows of equal length. */
export function fitLogistic(rows: readonly Float64Array[], options: LogisticOptions): LogisticFit {
  const { penalty, targets, tolerance = 1e-9, from } = options
  const zero = new Float64Array((rows[0]?.length ?? 0) + 1)
  const { gradient: atZero } = slopeAt(rows, targets, penalty, zero)
  const goal = tolerance * Math.sqrt(dot(atZero, atZero))
  let at = from ? Float64Array.from([from.bias, ...from.weights]) : zero
  let loss = lossAt(rows, targets, penalty, at)
  for (let step = 0; ; step++) {
    const { gradient, curvature } = slopeAt(rows, targets, penalty, at)
    const length = Math.sqrt(dot(gradient, gradient))
    if (length <= goal || step === mostSteps) return fitOf(at, step)
    // Far from the goal a rough direction does.
    const direction = solve(rows, penalty, curvature, gradient, Math.min(0.1, Math.sqrt(length / rows.length)))
    const falls = dot(gradient, direction)
    let stride = 1
    for (;;) {
      const next = at.map((value, i) => value - stride * direction[i]!)
      const nextLoss = lossAt(rows, targets, penalty, next)
      if (nextLoss <= loss - 1e-4 * stride * falls || stride < 1e-9) {
        // No step lowers the loss any more: that is as near as the arithmetic comes.
        if (nextLoss > loss || stride < 1e-9) return fitOf(at, step)
        at = next
        loss = nextLoss
        break
      }
      stride /= 2
    }
  }
}

const fitOf = (at: Float64Array, iterations: number): LogisticFit => ({
  bias: at[0]!,
  weights: at.slice(1),
  iterations,
})

function scoreAt(row: Float64Array, at: Float64Array): number {
  let sum = at[0]!
  for (let j = 0; j < row.length; j++) sum += row[j]! * at[j + 1]!
  return sum
}

/** log(1 + exp(x)) without overflow. */
const softplus = (x: number) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)))

function lossAt(rows: readonly Float64Array[], targets: ArrayLike<number>, penalty: number, at: Float64Array): number {
  let sum = 0
  for (let j = 1; j < at.length; j++) sum += 0.5 * penalty * at[j]! * at[j]!
  for (let i = 0; i < rows.length; i++) {
    const score = scoreAt(rows[i]!, at)
    sum += softplus(score) - targets[i]! * score
  }
  return sum
}

function slopeAt(rows: readonly Float64Array[], targets: ArrayLike<number>, penalty: number, at: Float64Array) {
  const gradient = at.map((value, j) => (j === 0 ? 0 : penalty * value))
  const curvature = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const chance = 1 / (1 + Math.exp(-scoreAt(rows[i]!, at)))
    curvature[i] = chance * (1 - chance)
    addRow(gradient, rows[i]!, chance - targets[i]!)
  }
  return { gradient, curvature }
}

function addRow(sums: Float64Array, row: Float64Array, factor: number): void {
  sums[0]! += factor
  for (let j = 0; j < row.length; j++) sums[j + 1]! += factor * row[j]!
}

/** The Newton direction: the gradient divided by the Hessian, by conjugate gradients, up to a relative error. */
function solve(
  rows: readonly Float64Array[],
  penalty: number,
  curvature: Float64Array,
  gradient: Float64Array,
  error: number,
): Float64Array {
  const found = new Float64Array(gradient.length)
  const rest = gradient.slice()
  let along = rest.slice()
  let squared = dot(rest, rest)
  const goal = squared * error * error
  for (let i = 0; i < 4 * gradient.length && squared > goal; i++) {
    const bent = timesHessian(rows, penalty, curvature, along)
    const stride = squared / dot(along, bent)
    for (let j = 0; j < found.length; j++) {
      found[j]! += stride * along[j]!
      rest[j]! -= stride * bent[j]!
    }
    const next = dot(rest, rest)
    along = along.map((value, j) => rest[j]! + (next / squared) * value)
    squared = next
  }
  return found
}

function timesHessian(
  rows: readonly Float64Array[],
  penalty: number,
  curvature: Float64Array,
  vector: Float64Array,
): Float64Array {
  // A trace of curvature on the bias keeps the system solvable where every row is certain.
  const product = vector.map((value, j) => (j === 0 ? 1e-12 : penalty) * value)
  for (let i = 0; i < rows.length; i++) addRow(product, rows[i]!, curvature[i]! * scoreAt(rows[i]!, vector))
  return product
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
