import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { InputError, messageOf } from '../../errors.ts'
import { sha256 } from '../../util/hash.ts'
import { buckets, featureVersion, gramsOf, numberNames, vectorOf } from './router-features.ts'

/** Raised when the file's shape changes in a way that older readers cannot read. */
export const routerFormat = 1

const whole = z.number().int().min(0)
const counts = z.strictObject({
  /** Questions answered both ways, both judged. */
  pairs: whole,
  /** Of them: one way alone was right. Only these are learned from. */
  decisive: whole,
  onlyText: whole,
  onlyCode: whole,
  both: whole,
  neither: whole,
  /** Left out: a verdict is missing or `unscored` on one side. */
  unscored: whole,
  /** Left out: the question is of another version of its task and cannot be drawn again. */
  otherVersion: whole,
})

const measured = z.strictObject({
  /** Decisive questions of tasks that were held out. */
  n: whole,
  tasks: whole,
  /** Share of them sent the right way. */
  accuracy: z.number(),
  /** Mean squared error of the probability; a coin has 0.25. */
  brier: z.number(),
  /** Expected calibration error in ten bins of equal width. */
  ece: z.number(),
})

export const routerSchema = z.strictObject({
  type: z.literal('codesteer-router'),
  format: z.number(),
  featureVersion: z.number(),
  /** What it was trained on, for people and for the reason of each decision. */
  trained: z.strictObject({
    at: z.string(),
    version: z.string(),
    runs: z.array(z.string()),
    textMethod: z.string(),
    codeMethod: z.string(),
    models: z.array(z.string()),
    tasks: z.array(z.string()),
    pools: z.array(z.enum(['test', 'train'])),
    seed: whole,
    folds: whole,
    counts,
    /** True when any answer was a simulated model's. */
    simulated: z.boolean(),
  }),
  /** Measured on tasks that were held out, by cross-validation of the whole training. */
  heldOut: measured,
  /** The first choice is the router's when it is at least this sure; 0.5 to 1. */
  threshold: z.number().min(0.5).max(1),
  penalty: z.number(),
  /** Platt's: probability of code = 1 / (1 + exp(-(slope * score + offset))). */
  calibration: z.strictObject({ slope: z.number(), offset: z.number() }),
  bias: z.number(),
  numbers: z.array(z.strictObject({ name: z.string(), mean: z.number(), scale: z.number(), weight: z.number() })),
  /** How strongly words count beside the numbers. */
  gramScale: z.number(),
  grams: z.array(z.number()).length(buckets),
})

/** A trained first choice between text and code. */
export type Router = z.infer<typeof routerSchema>

export interface OpenRouter {
  readonly router: Router
  readonly path: string
  /** First digits of the file's SHA-256: names this very router. */
  readonly hash: string
}

/**
 * Opens a router's file, given as `path` or `path#hash`; with a hash the file must still be the one that was meant.
 * Throws InputError when it is missing, changed, of another version, or none.
 */
export function openRouter(argument: string): OpenRouter {
  if (argument === '')
    throw new InputError('"rules:" names no router', 'Write rules:router.json, or rules for the rules alone.')
  const [, path = argument, wanted] = /^(.*)#([0-9a-f]{8,64})$/.exec(argument) ?? []
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new InputError(
      `cannot read the router ${path}: ${(error as NodeJS.ErrnoException).code}`,
      'Make one from stored runs: codesteer router train RUN… --out router.json',
      { cause: error },
    )
  }
  const hash = sha256(text)
  if (wanted !== undefined && !hash.startsWith(wanted)) {
    throw new InputError(
      `the router ${path} is another one than the ${wanted} that was meant`,
      'Put the old file back, or name the file without #… to use the new one.',
    )
  }
  return { router: parseRouter(text, path), path, hash: hash.slice(0, 12) }
}

/** A coach's name with the hash of its router, so that work done with another router counts as other work. */
export function pinnedCoach(coach: string): string {
  if (!coach.startsWith('rules:')) return coach
  const { path, hash } = openRouter(coach.slice('rules:'.length))
  return `rules:${path}#${hash}`
}

function parseRouter(text: string, path: string): Router {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw notOne(path, messageOf(error))
  }
  const { type, format, featureVersion: features } = (raw ?? {}) as Record<string, unknown>
  if (type !== 'codesteer-router') throw notOne(path, 'its "type" is not "codesteer-router"')
  if (format !== routerFormat || features !== featureVersion) {
    throw new InputError(
      `${path} is a router of another version (format ${format}, features ${features}; this one reads ${routerFormat}, ${featureVersion})`,
      'Train it anew: codesteer router train RUN… --out router.json',
    )
  }
  const parsed = routerSchema.safeParse(raw)
  if (!parsed.success)
    throw notOne(path, `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  const names = parsed.data.numbers.map(number => number.name)
  if (names.join() !== numberNames.join()) throw notOne(path, 'its numbers are not the ones that this version reads')
  return parsed.data
}

function notOne(path: string, why: string): InputError {
  return new InputError(
    `${path} is no router: ${why}`,
    'Make one from stored runs: codesteer router train RUN… --out router.json',
  )
}

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

type Model = Pick<Router, 'bias' | 'numbers' | 'gramScale' | 'grams' | 'calibration'>

/** The uncalibrated score of a question: above 0 speaks for code. */
export function scoreOf(router: Omit<Model, 'calibration'>, question: string): number {
  const { numbers, grams } = vectorOf(question)
  const ofNumbers = router.numbers.reduce(
    (sum, { mean, scale, weight }, i) => sum + (weight * (numbers[i]! - mean)) / scale,
    0,
  )
  const ofGrams = router.grams.reduce((sum, weight, i) => sum + weight * grams[i]!, 0)
  return router.bias + ofNumbers + router.gramScale * ofGrams
}

/** The calibrated probability that a program is the right way, where only one of the two is. */
export function codeProbability(router: Model, question: string): number {
  return sigmoid(router.calibration.slope * scoreOf(router, question) + router.calibration.offset)
}

/** What one thing adds to the logit of the probability; positive speaks for code. */
export interface Contribution {
  readonly what: string
  readonly adds: number
}

/** What moves the probability of a question, strongest first. The offset stands for everything that all questions share. */
export function contributionsOf(router: Model, question: string): Contribution[] {
  const { slope, offset } = router.calibration
  const { numbers } = vectorOf(question)
  const ofNumbers = router.numbers.map(({ name, mean, scale, weight }, i) => ({
    what: name,
    adds: (slope * weight * (numbers[i]! - mean)) / scale,
  }))
  const ofGrams = gramsOf(question).map(({ gram, bucket, value }) => ({
    what: `"${gram}"`,
    adds: slope * router.gramScale * router.grams[bucket]! * value,
  }))
  const shared = { what: 'every question', adds: slope * router.bias + offset }
  return [shared, ...ofNumbers, ...ofGrams].sort((a, b) => Math.abs(b.adds) - Math.abs(a.adds))
}
