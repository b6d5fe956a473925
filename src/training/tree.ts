import type { Guidance } from '../coach.ts'
import type { Notice } from '../loop-safety.ts'
import type { ModelMessage } from '../model.ts'
import type { Verdict } from '../task.ts'
import type { Coordinates, StopReason } from '../trajectory.ts'

/**
 * A tree of steering: a question at the root, and below it what came of guiding the task model one way or another. It is
 * derived: the facts are trajectories in a run's file, the first of a question and its branches (`branchOf`), which share
 * their events up to the turn at which they part. Stored runs without branches give trees of a single path.
 */
export interface Tree {
  /** `<run>/<trajectory>` of the first trajectory. */
  readonly id: string
  readonly question: { readonly prompt: string; readonly coordinates: Coordinates }
  readonly models: { readonly task: string; readonly coach: readonly string[] }
  readonly coach: string
  readonly simulated: boolean
  /** Hash of the prompts that shape the coach's input (`coach-first`, `tuned-round`): sets that mix versions are refused. */
  readonly promptVersion: string
  /** The first decisions. */
  readonly children: readonly TreeNode[]
}

/** One decision of the coach with what followed until its next one. */
export interface TreeNode {
  /** The trajectory in which the decision was made first. */
  readonly trajectory: string
  /** 1-based; a `return` or `terminate` has the number the next turn would have had. */
  readonly turn: number
  readonly guidance: Guidance
  /** Whether the decision was forced by the sampling scheme (text after code and the other way round) and not the coach's own. */
  readonly forced: boolean
  /** The coach's input in the training form: user and assistant in turn, ending with the user (steering-loop, section 6). */
  readonly prompt: readonly ModelMessage[]
  /** The coach's words in the training form, as `tuned` reads them back. */
  readonly completion: string
  /** The next decisions; empty at a leaf. */
  readonly children: readonly TreeNode[]
  /** At a leaf: how the trajectory ended and what the verifier says; null at an inner node. */
  readonly outcome: { readonly stop: StopReason; readonly verdict: Verdict['verdict'] } | null
  /** What this decision cost until the next one: tokens of all roles, and US dollars (null when a price is unknown). */
  readonly tokens: number
  readonly costUsd: number | null
  /** What loop safety notices after the turn (`void-turn`, `repeated-failure` …); empty at a `return` or `terminate`. */
  readonly notices: readonly Notice['kind'][]
  /** The task model's own words in the turn; null at a `return` or `terminate`, and where it said nothing. */
  readonly reply: string | null
}

/** One supervised row before any trainer's format: a coach's conversation with the turns that carry loss. */
export interface SftExample {
  /** Stable: hash of its content. */
  readonly id: string
  readonly tree: string
  readonly task: string
  readonly level: number
  /** User and assistant in turn, beginning with the user and ending with the assistant. */
  readonly messages: readonly ModelMessage[]
  /** Indices into `messages` of the assistant turns that are learned. */
  readonly learned: readonly number[]
  /** `whole`: every coach turn is learned. `last-turn`: one more row for a final turn, which is so weighted double (paper, section 4.2). */
  readonly part: 'whole' | 'last-turn'
}

/** Two sibling decisions, one better. */
export interface PreferencePair {
  readonly id: string
  readonly tree: string
  readonly task: string
  readonly level: number
  /** The turn at which the two part; 1-based. */
  readonly turn: number
  readonly prompt: readonly ModelMessage[]
  readonly chosen: string
  readonly rejected: string
  readonly chosenScore: number
  readonly rejectedScore: number
}
