// Trees written down as they are meant, stored as a run holds them.
import type { Guidance } from '../../src/coach.ts'
import { fold } from '../../src/fold.ts'
import { promptHashes } from '../../src/prompts/prompts.ts'
import { steerDefaults } from '../../src/settings.ts'
import { type RunStore, summarise, type WorkItem } from '../../src/store/run-store.ts'
import type { Verdict } from '../../src/task.ts'
import type { StopReason, TrajectoryEvent } from '../../src/trajectory.ts'

const usage = { inputTokens: 100, outputTokens: 20, reasoningTokens: null, cachedInputTokens: null }

/** A decision as a path names it: an action, with words of its own behind a colon (`code: search`). */
export type Step = string

export function guidanceOf(step: Step): Guidance {
  const [, action, words] = /^(\w+)(?:: (.*))?$/s.exec(step) ?? []
  const base = { reason: 'written down', raw: null }
  if (action === 'return' || action === 'terminate') return { action, ...base }
  return { action: action as 'text' | 'code', prompt: words ?? `do ${action}`, ...base }
}

/** One path as the loop would record it: every turn a reply of the task model (100 + 20 tokens, $0.01). */
export function pathEvents(
  id: string,
  steps: readonly Step[],
  more: {
    readonly reason?: StopReason
    readonly branchOf?: { trajectory: string; turn: number }
    readonly coordinates?: WorkItem
    readonly replies?: readonly string[]
    readonly forced?: number
  } = {},
): TrajectoryEvent[] {
  const events: TrajectoryEvent[] = []
  const add = (event: object) => {
    events.push({ seq: events.length, atMs: 1_700_000_000_000 + events.length * 10, ...event } as TrajectoryEvent)
  }
  add({
    type: 'trajectory-start',
    format: 1,
    id,
    question: { prompt: 'What is 6 * 7?' },
    method: 'codesteer',
    settings: steerDefaults,
    models: { task: 'simulated/apprentice', checker: 'simulated/apprentice', coach: [] },
    coach: 'rules',
    checkers: ['self-answer'],
    sandbox: 'bubblewrap',
    simulated: true,
    prompts: promptHashes(),
    build: { version: '0' },
    trial: '0',
    ...(more.branchOf ? { branchOf: more.branchOf } : {}),
  })
  for (const [i, step] of steps.entries()) {
    const guidance = guidanceOf(step)
    const turn = i + 1
    add({
      type: 'guidance',
      turn,
      guidance: turn === more.forced ? { ...guidance, reason: 'forced by a test' } : guidance,
    })
    if (!('prompt' in guidance)) break
    add({
      type: 'model-call',
      turn,
      role: 'task',
      model: 'simulated/apprentice',
      thread: 'task',
      keep: 2 * i,
      append: [{ role: 'user', content: guidance.prompt }],
      completion: { text: more.replies?.[i] ?? `reply to ${step} <<<${turn}>>>`, reasoning: null, finish: 'stop' },
      options: {},
      usage,
      costUsd: 0.01,
      requestHash: `${id}-${turn}`,
      trial: '0',
      fromLedger: false,
      attempts: 1,
      notes: [],
      tookMs: 5,
    })
  }
  const last = guidanceOf(steps.at(-1) ?? 'return').action
  const ended = last === 'return' ? 'returned' : last === 'terminate' ? 'terminated' : 'turn-limit'
  add({ type: 'trajectory-end', reason: more.reason ?? ended })
  return events
}

export const item = (n: number, more: Partial<WorkItem> = {}): WorkItem => ({
  key: `key-${n}`,
  label: 'codesteer',
  method: 'codesteer',
  model: 'simulated/apprentice',
  task: 'letters',
  taskVersion: 1,
  level: 1 + (n % 3),
  seed: n,
  pool: 'train',
  trial: 0,
  ...more,
})

/** A tree written down: a decision and what came of it; at a leaf whether it was right. */
export type Written = readonly [Step, 'right' | 'wrong' | 'unscored' | readonly Written[]]

const verdicts: Readonly<Record<string, Verdict>> = {
  right: { verdict: 'correct' },
  wrong: { verdict: 'incorrect', why: 'written down so' },
  unscored: { verdict: 'unscored', why: 'written down so' },
}

interface Leaf {
  readonly steps: readonly Step[]
  readonly verdict: string
  /** Turn at which this leaf's path parts from an earlier one; 1 for a first path's siblings. */
  readonly partsAt: number
}

function* leavesOf(nodes: readonly Written[], before: readonly Step[], partsAt: number): Generator<Leaf> {
  for (const [i, [step, below]] of nodes.entries()) {
    const steps = [...before, step]
    const parts = i === 0 ? partsAt : steps.length
    if (typeof below === 'string') yield { steps, verdict: below, partsAt: parts }
    else yield* leavesOf(below, steps, parts)
  }
}

/** Stores a tree: its first path as the item's trajectory, the others as branches of the path that they part from. */
export async function storeTree(store: RunStore, of: WorkItem, nodes: readonly Written[]): Promise<void> {
  const stored: { readonly id: string; readonly steps: readonly Step[] }[] = []
  for (const { steps, verdict, partsAt } of leavesOf(nodes, [], 1)) {
    const id = `${of.key}-${stored.length}`
    const same = (other: readonly Step[]) => steps.slice(0, partsAt - 1).every((step, i) => other[i] === step)
    const parent = stored.length > 0 ? stored.find(path => same(path.steps))! : null
    const branchOf = parent ? { trajectory: parent.id, turn: partsAt } : undefined
    const events = pathEvents(id, steps, branchOf ? { branchOf } : {})
    const summary = summarise(of, fold(events), verdicts[verdict]!, 'done')
    if (stored.length === 0) {
      await store.addItems([of])
      await store.begin(of.key, id)
      for (const event of events) await store.append(id, event)
      await store.finish(of.key, 'done', summary)
    } else await store.addBranch(id, events, summary)
    stored.push({ id, steps })
  }
}

/** The tree in the paper's figure (steering-loop, section 11): the values of its first level are 7, 6.5 and 5.5 (there shown as -2). */
export const workedExample: readonly Written[] = [
  // 13, 13 and -5 make 7; the figure does not show what is below it.
  [
    'code: a',
    [
      ['return', 'right'],
      ['code: a confirm', [['code: a1', [['code: a2', [['code: a3', 'wrong']]]]]]],
      ['text: a return', 'right'],
    ],
  ],
  [
    'text: b',
    [
      ['return', 'right'],
      [
        'code: b2',
        [
          [
            'code: b3',
            [
              [
                'code: b4',
                [
                  ['return', 'right'],
                  ['text: b5', 'right'],
                ],
              ],
              ['terminate', 'wrong'],
            ],
          ],
          ['return', 'wrong'],
        ],
      ],
    ],
  ],
  [
    'code: c',
    [
      ['code: c2', 'right'],
      ['return', 'wrong'],
    ],
  ],
]
