// Trees grown in a test: a scripted model that answers gsm-hard as the test wants it, and a sandbox that only prints.
import { join } from 'node:path'
import type { ChatModel, ModelRequest } from '../../src/model.ts'
import { load } from '../../src/registry.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import type { Task } from '../../src/task.ts'
import { resolveSynthesis } from '../../src/training/synthesis/plan.ts'
import { prepareSynthesis, type SynthesisOutcome } from '../../src/training/synthesis/synthesize.ts'
import type { Tree, TreeNode } from '../../src/training/tree.ts'
import { treesOf } from '../../src/training/trees.ts'
import { systemClock } from '../../src/util/clock.ts'
import { contentHash } from '../../src/util/hash.ts'
import { seededRng } from '../../src/util/rng.ts'
import { finished, scriptedModel, scriptedSandbox } from '../util/scripted.ts'

const gsm = await load<Task>('tasks', 'gsm-hard')
const wordsOf = (request: ModelRequest) => request.messages.map(({ content }) => String(content))

/**
 * Right by luck: half of the answers in words, three of four by a program, drawn from the conversation. As a coach it says
 * one of a few things, drawn from the conversation and the sample.
 */
export function luckyModel(id = 'simulated/apprentice', more: { delayed?: boolean; onCall?: () => void } = {}) {
  return scriptedModel(async request => {
    more.onCall?.()
    if (more.delayed) await new Promise(resolve => setTimeout(resolve, Math.random() * 4))
    const words = wordsOf(request)
    const asked = words.at(-1)!
    if (/guide another language model/.test(words[0]!)) {
      const rng = seededRng('lucky-coach', contentHash(words), request.trial)
      return rng.pick([
        '<<<Code>>>',
        '<<<Text>>>',
        '<<<Return Answer>>>',
        '<<<Write a Python program that searches.>>>',
      ])
    }
    const puzzle = gsm.read(words[0]!)!
    const rng = seededRng('lucky', contentHash(words))
    const code =
      /program|Python/.test(asked.split('Question:')[0]!) && !/without any program|Put code aside/.test(asked)
    const answer = rng.chance(code ? 0.75 : 0.5) ? gsm.solve(puzzle) : '0'
    return code ? `\`\`\`python\nprint("<<<${answer}>>>")\n\`\`\`` : `so <<<${answer}>>>`
  }, id)
}

/** Prints what the program would. */
export const printer = () => scriptedSandbox(source => finished(`${/print\("(.*)"\)/.exec(source)?.[1] ?? ''}\n`))

export interface Growing {
  readonly folder: string
  readonly plan?: object
  readonly model?: ChatModel
  readonly signal?: AbortSignal
}

/** One start of a synthesis on the file of a folder, as a process would make it. */
export async function grown({
  folder,
  plan = {},
  model,
  signal,
}: Growing): Promise<SynthesisOutcome & { trees: Tree[] }> {
  const store = openSqliteStore(join(folder, 'trees.run'), { access: 'create', clock: systemClock })
  try {
    const prepared = await prepareSynthesis({
      plan: await resolveSynthesis({
        model: 'simulated/apprentice',
        tasks: ['gsm-hard'],
        levels: [1, 2],
        trees: 6,
        checkers: [],
        ...plan,
      }),
      store,
      ledger: null,
      environment: {},
      clock: systemClock,
      sandbox: printer(),
      openModel: async id => model ?? luckyModel(id),
      ...(signal ? { signal } : {}),
    })
    const outcome = await prepared.work()
    const trees: Tree[] = []
    for await (const tree of treesOf(store)) trees.push(tree)
    return { ...outcome, trees }
  } finally {
    await store.close()
  }
}

/** A tree without its order in the file and its moments: what must be the same at every start. */
export function bare({ id, question, children }: Tree): unknown {
  const sorted = (nodes: readonly TreeNode[]): unknown[] =>
    nodes
      .map(node => ({ ...node, children: sorted(node.children) }))
      .sort((a, b) => (a.trajectory < b.trajectory ? -1 : 1))
  return { id, question, children: sorted(children) }
}

export const allBare = (trees: readonly Tree[]) =>
  [...trees].sort((a, b) => (a.id < b.id ? -1 : 1)).map(tree => bare(tree))
