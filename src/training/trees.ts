import { basename } from 'node:path'
import { type Guidance, isFinish } from '../coach.ts'
import { completionOf } from '../coaches/_shared/decision.ts'
import { tunedHistory } from '../coaches/tuned.ts'
import { questionInContext } from '../conversation.ts'
import { fold } from '../fold.ts'
import { notices } from '../loop-safety.ts'
import type { Method } from '../method.ts'
import { load, names } from '../registry.ts'
import { rounds } from '../steer.ts'
import { openToRead } from '../store/open-store.ts'
import { coordinatesOf, type RunStore, type Summary } from '../store/run-store.ts'
import type { StopReason, Trajectory, TrajectoryEvent, TrajectoryStart } from '../trajectory.ts'
import { contentHash } from '../util/hash.ts'
import type { Tree, TreeNode } from './tree.ts'

export { completionOf } from '../coaches/_shared/decision.ts'

/** A finished trajectory with its derived row: one path from a tree's root to a leaf. */
export interface Path {
  readonly summary: Summary
  readonly events: readonly TrajectoryEvent[]
}

/** How the reason of a decision begins that a scheme or a person forced, instead of a coach making it. */
export const forcedReason = 'forced'

/** The prompts that shape what a coach is told; trees whose versions differ must not be learned from together. */
const shaping = ['coach-first', 'tuned-round'] as const

/**
 * The trees in stored runs, one for each question that a coach was asked about, in the order in which the runs hold them.
 * Read one after the other, so that memory holds the derived rows and one tree, however large the run. Trajectories that
 * are not over, and methods that no coach guides, are left out. Throws InputError or StoreError for a run that cannot be
 * read.
 */
export async function* treesOf(
  source: RunStore | string,
  options: { readonly name?: string; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Tree> {
  if (typeof source === 'string') {
    const { name, store } = await openToRead(source)
    try {
      yield* treesOf(store, { name, ...options })
    } finally {
      await store.close()
    }
    return
  }
  const plan = (await source.plan()) as { readonly name?: unknown } | null
  const name = options.name ?? (typeof plan?.name === 'string' ? plan.name : basename(source.where))
  for (const rows of (await rowsByItem(source)).values()) {
    options.signal?.throwIfAborted()
    const paths: Path[] = []
    for (const summary of rows) paths.push({ summary, events: await source.trajectory(summary.trajectoryId) })
    const tree = await treeOf(paths, name)
    if (tree) yield tree
  }
}

/** The finished rows of each item that a coach guided: the first trajectory and its branches. */
async function rowsByItem(store: RunStore): Promise<Map<string, Summary[]>> {
  const guided = new Map<string, boolean>()
  const byItem = new Map<string, Summary[]>()
  for (const row of await store.summaries({ state: 'done', branches: true })) {
    if (!guided.has(row.method)) guided.set(row.method, await isGuided(row.method))
    if (!guided.get(row.method)) continue
    const rows = byItem.get(row.key)
    if (rows) rows.push(row)
    else byItem.set(row.key, [row])
  }
  return byItem
}

/** Whether a coach makes the decisions of a method: a baseline's fixed steps are nothing to learn from. */
const isGuided = async (method: string) =>
  names('methods').includes(method) && (await load<Method>('methods', method)).body === rounds

type NodeInMaking = { -readonly [K in keyof TreeNode]: TreeNode[K] } & { children: NodeInMaking[] }

/**
 * The tree of one question's paths, a path before those that branch off it; null when none holds a decision. `run` is the
 * name that goes into the tree's id.
 */
export async function treeOf(paths: readonly Path[], run: string): Promise<Tree | null> {
  const children: NodeInMaking[] = []
  const known = new Map<string, readonly NodeInMaking[]>()
  const starts: TrajectoryStart[] = []
  for (const path of paths) {
    const trajectory = fold(path.events)
    const { start } = trajectory
    const shared = start.branchOf ? (known.get(start.branchOf.trajectory) ?? []).slice(0, start.branchOf.turn - 1) : []
    const own = (await nodesOf(path, trajectory)).slice(shared.length)
    if (own.length === 0) continue
    const siblings = shared.at(-1)?.children ?? children
    siblings.push(own[0]!)
    for (const [i, node] of own.entries()) if (i > 0) own[i - 1]!.children.push(node)
    known.set(start.id, [...shared, ...own])
    starts.push(start)
  }
  const [first] = starts
  if (!first) return null
  closeInner(children)
  return {
    id: `${run}/${first.id}`,
    question: { prompt: first.question.prompt, coordinates: coordinatesOf(paths[0]!.summary) },
    models: { task: first.models.task, coach: unique(starts.flatMap(start => start.models.coach)) },
    coach: unique(starts.map(start => coachName(start.coach))).join(', '),
    simulated: starts.some(start => start.simulated),
    promptVersion: unique(starts.map(promptVersion)).sort().join('+'),
    children,
  }
}

const unique = (words: readonly string[]) => [...new Set(words)]

/** A varied coach by what it varies: its seed and its path are of one trajectory. */
const coachName = (coach: string) => coach.replace(/^varied:.*;of=/s, 'varied:')

const promptVersion = ({ prompts }: TrajectoryStart) =>
  contentHash(shaping.map(name => prompts[name] ?? null)).slice(0, 12)

/** A path's decisions in a row, the last with the outcome. */
async function nodesOf({ summary, events }: Path, trajectory: Trajectory): Promise<NodeInMaking[]> {
  const { start, turns } = trajectory
  const question = await questionInContext(start.question, start.settings)
  const history = await tunedHistory(question, trajectory, start.settings)
  const decisions = events.filter(event => event.type === 'guidance')
  const outcome = { stop: summary.stop ?? ('error' satisfies StopReason), verdict: summary.verdict ?? 'unscored' }
  return decisions.map((decision, i) => ({
    trajectory: start.id,
    turn: decision.turn,
    guidance: decision.guidance,
    forced: isForced(decision.guidance),
    prompt: history.slice(0, 2 * i + 1),
    completion: completionOf(decision.guidance),
    children: [],
    outcome: i === decisions.length - 1 ? outcome : null,
    notices: isFinish(decision.guidance) ? [] : notices({ turns: turns.slice(0, i + 1) }).map(({ kind }) => kind),
    reply: isFinish(decision.guidance) ? null : (turns[i]?.reply?.completion.text ?? null),
    ...spentIn(events, decision.turn),
  }))
}

/** Whether a decision was forced by a scheme or a person, by the reason it bears. */
export const isForced = ({ reason }: Guidance) => reason.startsWith(forcedReason)

/** What the calls of a turn cost: the coach's own for its decision, then everything until the next. */
function spentIn(events: readonly TrajectoryEvent[], turn: number): Pick<TreeNode, 'tokens' | 'costUsd'> {
  let tokens = 0
  let costUsd: number | null = 0
  for (const event of events) {
    if (event.type !== 'model-call' || event.turn !== turn) continue
    tokens += (event.usage.inputTokens ?? 0) + (event.usage.outputTokens ?? 0)
    costUsd = costUsd === null || event.costUsd === null ? null : costUsd + event.costUsd
  }
  return { tokens, costUsd }
}

/** A path that went on elsewhere has its end there: only leaves have an outcome. */
function closeInner(nodes: readonly NodeInMaking[]): void {
  for (const node of nodes) {
    if (node.children.length > 0) node.outcome = null
    closeInner(node.children)
  }
}

/** Every decision of a tree with those before it, parents first. */
export function* decisionsOf(tree: Pick<Tree, 'children'>): Generator<{
  readonly node: TreeNode
  /** From the first decision to the one before this. */
  readonly before: readonly TreeNode[]
  readonly siblings: readonly TreeNode[]
}> {
  const walk = function* (siblings: readonly TreeNode[], before: readonly TreeNode[]): ReturnType<typeof decisionsOf> {
    for (const node of siblings) {
      yield { node, before, siblings }
      yield* walk(node.children, [...before, node])
    }
  }
  yield* walk(tree.children, [])
}
