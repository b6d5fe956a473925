import { z } from 'zod'
import { type Opening, openings } from '../../coaches/_shared/varied-name.ts'
import { InputError } from '../../errors.ts'
import { type Plan, planSchema, resolvePlan } from '../../experiment/plan.ts'
import { load, names } from '../../registry.ts'
import type { WorkItem } from '../../store/run-store.ts'
import type { Task } from '../../task.ts'
import { contentHash } from '../../util/hash.ts'

const count = z.number().int().min(1)

/** Children of a decision, level by level: three first decisions, two of each later one. */
export const publishedBranches = [3, 2, 2, 2, 2] as const

/** How trees are grown. `published`: every decision has its children. `uncertain`: branches where it is not known what comes out. */
export const schemes = ['published', 'uncertain'] as const
export type Scheme = (typeof schemes)[number]

/** A plan of synthesis as people write it; everything but the model has a default. There is no pool to choose: only the train pool is drawn from. */
export const synthesisSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().default('trees').describe('How the run and its file are called.'),
  about: z.string().default('').describe('What the trees are for, in a sentence.'),
  model: z.string().describe('The task model, as provider/model.'),
  checkerModel: z.string().nullable().default(null).describe('Writes the checking programs; null: the task model.'),
  coaches: z
    .array(z.string())
    .min(1)
    .default(['rules'])
    .describe('Coaches that are mixed, one drawn at each decision.'),
  tasks: z
    .union([z.literal('seen'), z.array(z.string()).min(1)])
    .default('seen')
    .describe('Seen tasks by slug, or all of them.'),
  levels: planSchema.shape.levels,
  trees: count.default(100).describe('Questions, dealt over tasks and levels.'),
  seed: z.number().int().min(0).default(0).describe('Seed of the first questions and of everything that is drawn.'),
  scheme: z.enum(schemes).default('published').describe('Which decisions get branches.'),
  branches: z
    .array(count.max(8))
    .min(1)
    .max(10)
    .default([...publishedBranches])
    .describe('Children of a decision, level by level; their number is the depth.'),
  paths: z
    .number()
    .min(1)
    .nullable()
    .default(null)
    .describe('Paths for each tree on average, for the scheme uncertain; null: 8.'),
  temperature: z.number().min(0).max(2).default(1.5).describe("The coach's, where it has a model."),
  prompts: z
    .array(z.enum(openings))
    .min(1)
    .default([...openings])
    .describe('Openings that the first decisions of a tree share out among themselves.'),
  checkers: z.array(z.string()).default(['symbolic-code', 'self-answer']),
  settings: planSchema.shape.settings,
  sandbox: planSchema.shape.sandbox,
  limits: planSchema.shape.limits,
  askAboveUsd: planSchema.shape.askAboveUsd,
})

/** A plan of synthesis with every default written out and every name known to exist. */
export interface SynthesisPlan extends Omit<z.infer<typeof synthesisSchema>, '$schema' | 'tasks' | 'levels'> {
  readonly type: 'synthesis'
  readonly prompts: Opening[]
  readonly tasks: Plan['tasks']
  /** The same as an experiment's plan, one method for each coach: what gates, prices and sandboxes go by. */
  readonly base: Plan
}

/** The model behind a coach; null for one that has none, such as the rules with a router's file. */
export function coachModel(coach: string): string | null {
  const [, kind, model] = /^([^:]*):(.+)$/s.exec(coach) ?? []
  return kind === 'prompted' || kind === 'tuned' ? model! : null
}

/** Paths of a tree on average, where the plan does not say. */
export const defaultPaths = 8

/**
 * Checks a plan and writes its defaults out. Throws InputError for what is wrong in it, and for everything that would let a
 * coach see what it is judged by: unseen tasks, and any pool but the train pool. There is no flag that allows it.
 */
export async function resolveSynthesis(raw: unknown): Promise<SynthesisPlan> {
  if (typeof raw === 'object' && raw !== null && 'pool' in raw && raw.pool !== 'train')
    throw new InputError(
      'pool: training data is drawn from the train pool only',
      'Leave "pool" out: results are reported on the test pool, so a coach must not learn from it.',
    )
  await refuseUnseen(raw)
  const { pool: _, ...bare } = Object(raw)
  const parsed = synthesisSchema.safeParse(bare)
  if (!parsed.success) throw planError(parsed.error.issues[0]!, bare)
  const { tasks, levels, $schema: _schema, ...plan } = parsed.data
  const coaches = [...new Set(plan.coaches)]
  const varied = coaches.find(coach => coach.startsWith('varied'))
  if (varied !== undefined)
    throw new InputError(`coaches: "${varied}" varies others already`, 'Name the coaches that it varies instead.')
  const base = await resolvePlan({
    name: plan.name,
    methods: coaches.map(coach => ({
      method: 'codesteer',
      label: coach,
      coach,
      checkers: plan.checkers,
      settings: { ...plan.settings, maxTurns: plan.branches.length, coachTemperature: plan.temperature },
      models: plan.checkerModel === null ? {} : { checker: plan.checkerModel },
    })),
    models: [plan.model],
    tasks,
    levels,
    samples: 1,
    seed: plan.seed,
    pool: 'train',
    sandbox: plan.sandbox,
    limits: plan.limits,
    askAboveUsd: plan.askAboveUsd,
  })
  // A router's coach with its hash, so that another router makes other trees.
  const pinned = base.methods.map(({ coach }) => coach)
  return { ...plan, type: 'synthesis', coaches: pinned, tasks: base.tasks, base }
}

/** Held-out tasks stay held out: what a coach was trained on says nothing about them. */
async function refuseUnseen(raw: unknown): Promise<void> {
  const tasks: unknown = Object(raw).tasks
  if (tasks === 'all' || tasks === 'unseen')
    throw new InputError(
      `tasks: "${tasks}" holds tasks that are kept unseen`,
      'Use "seen", or name seen tasks; codesteer task list shows which are.',
    )
  for (const slug of Array.isArray(tasks) ? tasks : []) {
    if (!names('tasks').includes(slug)) continue
    const { split } = await load<Task>('tasks', slug)
    if (split === 'unseen')
      throw new InputError(
        `tasks: ${slug} is kept unseen, so no training data is made of it`,
        'Take seen tasks; codesteer task list shows which are.',
      )
  }
}

function planError(issue: z.core.$ZodIssue, raw: unknown): InputError {
  const path = issue.path.map(String).join('.')
  const mend = 'See experiments/trees.json for an example.'
  if (issue.code === 'unrecognized_keys') return new InputError(`unknown field "${issue.keys[0]}"`, mend)
  const got = issue.path.reduce<unknown>((value, key) => Object(value)[key], raw)
  return new InputError(
    `${path}: ${issue.message}${got === undefined ? '' : `, not ${JSON.stringify(got).slice(0, 80)}`}`,
    mend,
  )
}

/** The questions of the trees, dealt so that every task and level shows early: seed, then cell. */
export function expandSynthesis(plan: SynthesisPlan): WorkItem[] {
  const cells = plan.tasks.flatMap(({ slug, version, levels }) => levels.map(level => ({ slug, version, level })))
  // Level by level over the tasks, so that a few trees already meet many tasks.
  cells.sort((a, b) => a.level - b.level)
  return Array.from({ length: plan.trees }, (_, i) => {
    const { slug, version, level } = cells[i % cells.length]!
    const at = {
      task: slug,
      taskVersion: version,
      level,
      seed: plan.seed + Math.floor(i / cells.length),
      pool: 'train' as const,
      trial: 0,
    }
    return { key: keyOf(plan, at), label: 'codesteer', method: 'codesteer', model: plan.model, ...at }
  })
}

/**
 * What makes a tree what it is. The scheme, the branches and the number of trees are left out: more branches on the same
 * question go on from the paths that are there.
 */
function keyOf({ base, coaches, prompts, seed, model }: SynthesisPlan, at: object): string {
  const { checkers, resolved, models } = base.methods[0]!
  const what = { type: 'synthesis', coaches, prompts, seed, model, checkers, resolved, models, at }
  return contentHash(JSON.parse(JSON.stringify(what))).slice(0, 24)
}
