import { sha256 } from '../../../util/hash.ts'
import { type Admission, newAdmission } from '../../select/admission.ts'
import { type Fingerprint, fingerprint } from '../../select/near.ts'
import { type Preference, preferencesOf } from '../../select/pairs.ts'
import { type Lesson, lessonsOf } from '../../select/sft.ts'
import type { Tree, TreeNode } from '../../tree.ts'
import { assistant, type Kind } from './format.ts'
import type { Spool } from './sinks.ts'
import type { TokenCounter } from './tokens.ts'

/** What is remembered of a trajectory or a pair that lies in the spool. */
export interface Entry extends Fingerprint {
  readonly kind: Kind
  readonly place: readonly [at: number, length: number]
  readonly id: string
  readonly identity: string
  readonly run: string
  readonly tree: string
  readonly task: string
  readonly level: number
  /** Of a trajectory its decisions; of a pair the turn at which the two part. */
  readonly turn: number
  /** Tokens of the longest row. */
  readonly tokens: number
  /** Tokens that carry loss, over all rows that will be made of it. */
  readonly learned: number
  /** Rows before any format: of a trajectory one whole and one for each of its two final turns. */
  readonly rows: number
  /** Decisions of a trajectory; of a pair `chosen > rejected`. */
  readonly actions: readonly string[]
  readonly pair: {
    readonly gap: number
    readonly chosenLength: number
    readonly rejectedLength: number
    /** Equal for the same two answers to the same prompt, whichever is preferred. */
    readonly sameTwo: string
  } | null
}

export interface SourceCount {
  readonly run: string
  trees: number
  simulated: boolean
  readonly taskModels: Set<string>
  readonly coachModels: Set<string>
  readonly coaches: Set<string>
}

export interface Collected {
  readonly sft: readonly Entry[]
  readonly dpo: readonly Entry[]
  readonly left: { readonly sft: Map<string, number>; readonly dpo: Map<string, number> }
  readonly turnsMasked: number
  readonly sources: readonly SourceCount[]
  readonly promptVersion: string
}

export interface CollectOptions {
  readonly kinds: readonly Kind[]
  readonly unified: boolean
  readonly maxPerTree: number | null
  readonly minGap: number
  readonly seed: number
  /** The score of each decision of a tree, or null where nothing was judged. */
  readonly scoresOf: (tree: Tree) => (node: TreeNode) => number | null
}

export interface Source {
  readonly name: string
  readonly trees: AsyncIterable<Tree>
}

/**
 * Reads all trees once: what is learned goes to the spool, what is needed to settle the set stays in memory (some hundred
 * bytes each). Throws InputError when any question must not be trained on, or prompt versions mix.
 */
export async function collect(
  sources: readonly Source[],
  options: CollectOptions,
  spool: Spool,
  counter: TokenCounter,
  onTree: (tree: Tree) => void,
): Promise<Collected> {
  const admission = newAdmission()
  const kept = { sft: [] as Entry[], dpo: [] as Entry[] }
  const left = { sft: new Map<string, number>(), dpo: new Map<string, number>() }
  const counts = new Map<string, SourceCount>()
  let turnsMasked = 0
  for (const { name, trees } of sources)
    for await (const tree of trees) {
      onTree(tree)
      const admitted = await admission.admit(tree, name)
      if (!admitted) continue
      note(counts, name, tree)
      const at = { identity: admitted.identity, run: name }
      if (options.kinds.includes('sft')) {
        const { lessons, left: out, turnsMasked: masked } = lessonsOf(tree, options)
        for (const lesson of lessons) kept.sft.push(lessonEntry(lesson, at, spool, counter))
        add(left.sft, out)
        turnsMasked += masked
      }
      if (options.kinds.includes('dpo')) {
        const { pairs, left: out } = preferencesOf(tree, { ...options, scoreOf: options.scoresOf(tree) })
        for (const pair of pairs) kept.dpo.push(pairEntry(pair, at, spool, counter))
        add(left.dpo, out)
      }
    }
  admission.conclude()
  return { ...kept, left, turnsMasked, sources: [...counts.values()], promptVersion: onlyVersion(admission) }
}

const onlyVersion = ({ versions }: Admission) => [...versions.keys()][0] ?? 'none'

function note(counts: Map<string, SourceCount>, run: string, tree: Tree): void {
  const of = counts.get(run) ?? {
    run,
    trees: 0,
    simulated: false,
    taskModels: new Set<string>(),
    coachModels: new Set<string>(),
    coaches: new Set<string>(),
  }
  counts.set(run, of)
  of.trees++
  of.simulated ||= tree.simulated
  of.taskModels.add(tree.models.task)
  for (const model of tree.models.coach) of.coachModels.add(model)
  of.coaches.add(tree.coach)
}

/** Adds counts by their names. */
export function add(to: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) to.set(name, (to.get(name) ?? 0) + count)
}

interface At {
  readonly identity: string
  readonly run: string
}

function lessonEntry(lesson: Lesson, at: At, spool: Spool, counter: TokenCounter): Entry {
  const { id, tree, task, level, turns, actions, messages, learned } = lesson
  const rows = learned.map(i => counter.row(messages.slice(0, i), messages[i]!))
  const carried = rows.map(row => row.learned)
  return {
    kind: 'sft',
    place: spool.add(lesson),
    id,
    ...at,
    tree,
    task,
    level,
    turn: turns,
    tokens: Math.max(...rows.map(row => row.tokens)),
    // The last two turns occur twice.
    learned: sum(carried) + sum(carried.slice(-2)),
    rows: 1 + Math.min(2, learned.length),
    actions,
    pair: null,
    ...fingerprint(messages.map(({ content }) => content).join('\n')),
  }
}

function pairEntry(pair: Preference, at: At, spool: Spool, counter: TokenCounter): Entry {
  const { id, tree, task, level, turn, prompt, chosen, rejected, chosenScore, rejectedScore } = pair
  const sides = [counter.row(prompt, assistant(chosen)), counter.row(prompt, assistant(rejected))]
  const own = fingerprint([...prompt.map(({ content }) => content), chosen, rejected].join('\n'))
  const [first, second] = chosen < rejected ? [chosen, rejected] : [rejected, chosen]
  return {
    kind: 'dpo',
    place: spool.add(pair),
    id,
    ...at,
    tree,
    task,
    level,
    turn,
    tokens: Math.max(...sides.map(side => side.tokens)),
    learned: sum(sides.map(side => side.learned)),
    rows: 1,
    actions: [`${pair.chosenAction} > ${pair.rejectedAction}`],
    pair: {
      gap: chosenScore - rejectedScore,
      chosenLength: chosen.length,
      rejectedLength: rejected.length,
      sameTwo: hashOfTwo(
        prompt.map(({ content }) => content),
        first,
        second,
      ),
    },
    ...own,
  }
}

const hashOfTwo = (prompt: readonly string[], first: string, second: string) =>
  sha256(JSON.stringify([prompt, first, second]))

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
