import { z } from 'zod'
import { pinnedCoach } from '../coaches/_shared/router-file.ts'
import { InputError } from '../errors.ts'
import { parseId } from '../models/_shared/open.ts'
import { load, names } from '../registry.ts'
import { profiles, type SteerSettings, steerDefaults } from '../settings.ts'
import type { WorkItem } from '../store/run-store.ts'
import type { Task } from '../task.ts'
import { contentHash } from '../util/hash.ts'
import { nearest } from '../util/nearest.ts'

const count = z.number().int().min(1)
const limit = z.number().positive().nullable()

const settingsSchema = z.strictObject({
  maxTurns: count.max(50),
  checkLastTurn: z.boolean(),
  showOutputToTaskModel: z.boolean(),
  block: z.enum(['first', 'last']),
  fences: z.enum(['tolerant', 'published']),
  finalAnswer: z.enum(['best', 'last']),
  loopSafety: z.boolean(),
  symbolicScore: z.enum(['sound', 'legacy']),
  selfAnswerVotes: count.max(20),
  selfAnswerAttempts: count.max(10),
  codeTimeoutMs: count,
  codeMemoryBytes: count,
  outputTokens: count,
  temperature: z.number().min(0).max(2),
  coachTemperature: z.number().min(0).max(2),
  maxOutputTokens: count,
  limits: z.strictObject({ tokens: limit, costUsd: limit, timeMs: limit }).partial(),
})

const methodSchema = z.strictObject({
  method: z.string(),
  label: z.string().optional().describe('How tables name it; default: the method, with what differs from the default.'),
  coach: z.string().default('rules'),
  checkers: z.array(z.string()).default(['symbolic-code', 'self-answer']),
  profile: z.string().default('default'),
  settings: settingsSchema.partial().default({}),
  models: z
    .strictObject({ checker: z.string(), summariser: z.string() })
    .partial()
    .default({})
    .describe('Models of other roles than the task model.'),
})

const providerLimits = z.strictObject({ concurrency: count.optional(), requestsPerMinute: count.optional() })

/** A plan as people write it. Everything but methods, models and tasks has a default; `resolvePlan` writes them out. */
export const planSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().default('run').describe('How the run and its file are called.'),
  about: z.string().default('').describe('What the plan is for, in a sentence.'),
  methods: z
    .array(z.union([z.string(), methodSchema]))
    .min(1)
    .describe('Methods by name, or with parts and settings of their own.'),
  models: z.array(z.string()).min(1).describe('Task models, as provider/model.'),
  tasks: z.union([z.enum(['all', 'seen', 'unseen']), z.array(z.string()).min(1)]).describe('Tasks by slug, or a set.'),
  levels: z
    .union([z.literal('all'), z.array(count).min(1)])
    .default('all')
    .describe('Levels, 1 being the easiest.'),
  samples: count.default(1).describe('Questions for each task and level.'),
  seed: z.number().int().min(0).default(0).describe('Seed of the first question; the next ones follow.'),
  trials: count.default(1).describe('Independent attempts at each question; each is paid for.'),
  pool: z.enum(['test', 'train']).default('test').describe('Results are reported on test.'),
  sandbox: z.string().nullable().default(null).describe('Where programs run; null: the best available.'),
  settings: settingsSchema.partial().default({}).describe("Settings of every method; a method's own come over them."),
  limits: z
    .strictObject({
      concurrency: count.default(4).describe('Model calls at once. A few more conversations are kept ready.'),
      tokens: limit.default(null).describe('Of the whole run, all starts together; reaching it stops the run cleanly.'),
      costUsd: limit.default(null).describe('US dollars of the whole run; reaching it stops the run cleanly.'),
      timeMs: limit.default(null).describe('Milliseconds of one start.'),
      providers: z.record(z.string(), providerLimits).default({}).describe('Calls at once and a minute, by provider.'),
    })
    .prefault({}),
  askAboveUsd: z.number().min(0).default(5).describe('A run estimated to cost more US dollars than this asks first.'),
})

/** A method of a plan, its settings resolved. */
export type PlanMethod = z.infer<typeof methodSchema> & { readonly label: string; readonly resolved: SteerSettings }

/** A plan with every default written out and every name known to exist. */
export interface Plan extends Omit<z.infer<typeof planSchema>, 'methods' | 'tasks' | 'levels' | '$schema'> {
  readonly methods: readonly PlanMethod[]
  readonly tasks: readonly { readonly slug: string; readonly version: number; readonly levels: readonly number[] }[]
}

/** Checks a plan and writes its defaults out. Throws InputError naming the place in the file, with the nearest name. */
export async function resolvePlan(raw: unknown): Promise<Plan> {
  const parsed = planSchema.safeParse(raw)
  if (!parsed.success) throw planError(parsed.error.issues, raw)
  const { methods, tasks, levels, $schema: _, ...rest } = parsed.data
  const resolved = methods.map((entry, i) => resolveMethod(entry, rest.settings, `methods[${i}]`))
  const twice = resolved.find((method, i) => resolved.findIndex(other => other.label === method.label) !== i)
  if (twice) throw new InputError(`two methods are labelled "${twice.label}"`, 'Give one of them another "label".')
  for (const [i, id] of rest.models.entries()) await atPath(`models[${i}]`, () => parseId(id))
  for (const [i, { models: others }] of resolved.entries())
    for (const [role, id] of Object.entries(others))
      if (id) await atPath(`methods[${i}].models.${role}`, () => parseId(id))
  if (rest.sandbox !== null) known('sandboxes', rest.sandbox, 'sandbox')
  return { ...rest, methods: resolved, tasks: await resolveTasks(tasks, levels) }
}

function resolveMethod(
  entry: string | z.infer<typeof methodSchema>,
  common: z.infer<typeof methodSchema>['settings'],
  path: string,
): PlanMethod {
  const method = typeof entry === 'string' ? methodSchema.parse({ method: entry }) : entry
  known('methods', method.method, `${path}${typeof entry === 'string' ? '' : '.method'}`)
  known('coaches', method.coach.split(':')[0]!, `${path}.coach`)
  for (const checker of method.checkers) known('checkers', checker, `${path}.checkers`)
  const profile = profiles[method.profile]
  if (!profile) throw unknownName('profile', method.profile, Object.keys(profiles), `${path}.profile`)
  const limits = { ...steerDefaults.limits, ...common.limits, ...method.settings.limits }
  const resolvedSettings = {
    ...profile,
    ...withoutUndefined(common),
    ...withoutUndefined(method.settings),
    limits,
  } as SteerSettings
  const coach = pinnedCoach(method.coach)
  return { ...method, coach, label: method.label ?? defaultLabel(method), resolved: resolvedSettings }
}

const withoutUndefined = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>

/** `codesteer`, or `codesteer (coach prompted:…, checkers none)` when it differs from the default. */
function defaultLabel(method: z.infer<typeof methodSchema>): string {
  const differs: string[] = []
  if (method.profile !== 'default') differs.push(method.profile)
  if (method.coach !== 'rules') differs.push(`coach ${method.coach}`)
  if (method.checkers.join() !== 'symbolic-code,self-answer')
    differs.push(`checkers ${method.checkers.join('+') || 'none'}`)
  for (const [name, value] of Object.entries(method.settings)) differs.push(`${name} ${JSON.stringify(value)}`)
  return differs.length === 0 ? method.method : `${method.method} (${differs.join(', ')})`
}

async function resolveTasks(
  tasks: z.infer<typeof planSchema>['tasks'],
  levels: 'all' | number[],
): Promise<Plan['tasks']> {
  const slugs = Array.isArray(tasks) ? tasks : names('tasks')
  for (const [i, slug] of slugs.entries()) known('tasks', slug, `tasks[${i}]`)
  const loaded = await Promise.all(slugs.map(slug => load<Task>('tasks', slug)))
  const wanted = loaded.filter(task => Array.isArray(tasks) || tasks === 'all' || task.split === tasks)
  return wanted.map(task => {
    const own = task.levels.map((_, i) => i + 1)
    const chosen = levels === 'all' ? own : levels
    const missing = chosen.find(level => !own.includes(level))
    if (missing !== undefined)
      throw new InputError(`levels: ${task.slug} has no level ${missing}`, `Its levels are 1 to ${own.length}.`)
    return { slug: task.slug, version: task.version, levels: chosen }
  })
}

/** The plan's work, in an order that lets every method and task show early: seed, then trial, then cell. */
export function expand(plan: Plan): WorkItem[] {
  const items: WorkItem[] = []
  for (let sample = 0; sample < plan.samples; sample++) {
    for (let trial = 0; trial < plan.trials; trial++) {
      for (const task of plan.tasks) {
        for (const level of task.levels) {
          for (const model of plan.models) {
            for (const method of plan.methods) {
              const at = {
                task: task.slug,
                taskVersion: task.version,
                level,
                seed: plan.seed + sample,
                pool: plan.pool,
                trial,
              }
              items.push({ key: keyOf(method, model, at), label: method.label, method: method.method, model, ...at })
            }
          }
        }
      }
    }
  }
  return items
}

/** What makes a piece of work what it is; labels, limits of the run and the order do not. */
function keyOf(method: PlanMethod, model: string, at: object): string {
  const { method: name, coach, checkers, resolved, models } = method
  return contentHash(JSON.parse(JSON.stringify({ name, coach, checkers, resolved, models, model, at }))).slice(0, 24)
}

function known(folder: Parameters<typeof names>[0], name: string, path: string): void {
  if (!names(folder).includes(name)) throw unknownName(folder.replace(/s$/, ''), name, names(folder), path)
}

function unknownName(noun: string, name: string, all: readonly string[], path: string): InputError {
  const near = nearest(name, all)
  return new InputError(
    `${path}: no ${noun === 'coache' ? 'coach' : noun} "${name}"`,
    `${near ? `Did you mean "${near}"? ` : ''}There are: ${all.join(', ')}`,
  )
}

async function atPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${path}: ${error.message}`, error.mend, { cause: error })
    throw error
  }
}

function planError(issues: readonly z.core.$ZodIssue[], raw: unknown): InputError {
  const [first] = flatten(issues)
  if (!first) return new InputError('the plan is not valid', 'See experiments/smoke.json for an example.')
  const path = first.path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
  if (first.code === 'unrecognized_keys') {
    const key = first.keys[0]!
    const near = nearest(key, fieldNames)
    return new InputError(
      `${path ? `${path}: ` : ''}unknown field "${key}"`,
      near ? `Did you mean "${near}"?` : 'See experiments/smoke.json for an example.',
    )
  }
  const got = first.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key as string],
    raw,
  )
  return new InputError(
    `${path || 'the plan'}: ${first.message}${got === undefined ? '' : `, not ${JSON.stringify(got).slice(0, 80)}`}`,
    'See experiments/smoke.json for an example.',
  )
}

/** The issue inside a union that is about the shape the author meant: the deepest one. */
function flatten(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues
    .flatMap(issue =>
      issue.code === 'invalid_union'
        ? flatten(issue.errors.flat()).map(
            inner => ({ ...inner, path: [...issue.path, ...inner.path] }) as z.core.$ZodIssue,
          )
        : [issue],
    )
    .sort(
      (a, b) =>
        Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys') ||
        b.path.length - a.path.length,
    )
}

const fieldNames = [
  ...Object.keys(planSchema.shape),
  ...Object.keys(methodSchema.shape),
  ...Object.keys(settingsSchema.shape),
  'concurrency',
  'tokens',
  'costUsd',
  'timeMs',
  'providers',
  'requestsPerMinute',
  'checker',
  'summariser',
]
