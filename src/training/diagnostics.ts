import { lastMarked } from '../answer.ts'
import { isFinish } from '../coach.ts'
import { wordsOf } from '../conversation.ts'
import type { ScorePolicy } from './score.ts'
import { pathsOf, wentWrong } from './select/messages.ts'
import { type Preference, type Preferences, preferencesOf } from './select/pairs.ts'
import type { Tree, TreeNode } from './tree.ts'
import { decisionsOf } from './trees.ts'

/** How often each of some things occurred, by name. */
export type Counts = Readonly<Record<string, number>>

/** What trees hold for a coach to learn from, and what it might learn that it should not. */
export interface TreeDiagnostics {
  readonly score: string
  readonly minGap: number
  readonly trees: number
  readonly simulated: boolean
  readonly promptVersions: readonly string[]
  readonly taskModels: readonly string[]
  readonly coaches: readonly string[]
  /** Leaves, those that could be judged, and those that came out right. */
  readonly paths: {
    readonly total: number
    readonly judged: number
    readonly right: number
    readonly returnedRight: number
  }
  readonly decisions: {
    readonly total: number
    readonly forced: number
    readonly byAction: Counts
    readonly byTurn: Counts
  }
  readonly tokens: number
  /** US dollars; null when a price is unknown. */
  readonly costUsd: number | null
  readonly pairs: {
    readonly kept: number
    /** Sibling pairs that were left out, by the first reason that applied. */
    readonly left: Preferences['left']
    readonly byTurn: Counts
    /** `code > return`: what was preferred to what. */
    readonly byAction: Counts
    readonly byTask: Counts
    readonly byGap: Counts
  }
  /** Trees that yield no pair; of these, those whose paths all came out the same. */
  readonly noContrast: { readonly trees: number; readonly allAlike: number; readonly share: number }
  readonly length: {
    /** Mean characters of the coach's words. */
    readonly chosen: number | null
    readonly rejected: number | null
    /** Of the pairs with words of different length, the share in which the longer ones were preferred. */
    readonly longerPreferred: number | null
    readonly unequal: number
  }
  readonly guard: {
    /** Pairs whose preferred decision returns before anything was answered. */
    readonly returnFirst: number
    /** Pairs whose preferred decision gives up. */
    readonly terminatePreferred: number
    /** Judged ends whose answer the coach had seen confirmed by the self-check, and of these the wrong ones. */
    readonly confirmed: number
    readonly confirmedWrong: number
    /** Decisions of right paths whose words state the answer, though nothing that the coach was told holds it: it solved. */
    readonly answerTold: number
    /** The same where a checker's finding held it, which the coach passed on. */
    readonly answerPassedOn: number
  }
  /** Turns that loop safety noticed, by what it noticed, and the turns there are. */
  readonly turns: { readonly total: number; readonly noticed: Counts; readonly wentWrong: number }
  readonly byTask: readonly {
    readonly task: string
    readonly trees: number
    readonly judged: number
    readonly right: number
    readonly pairs: number
  }[]
  /** In words, what should be looked at before anybody trains on these trees. */
  readonly warnings: readonly string[]
}

export interface DiagnosticsOptions {
  readonly policy: ScorePolicy
  /** Scores of a pair differ by more than this; the published number is 2. */
  readonly minGap: number
}

const gaps: readonly (readonly [name: string, upTo: number])[] = [
  ['to 4', 4],
  ['4 to 8', 8],
  ['8 to 12', 12],
  ['above 12', Number.POSITIVE_INFINITY],
]

/** Counts what trees hold, one after the other; memory holds the counts. */
export async function diagnose(
  trees: AsyncIterable<Tree> | Iterable<Tree>,
  { policy, minGap }: DiagnosticsOptions,
): Promise<TreeDiagnostics> {
  const tally = newTally()
  for await (const tree of trees) countTree(tally, tree, policy, minGap)
  const { length, noContrast } = tally
  const known = {
    score: policy.name,
    minGap,
    trees: tally.trees,
    simulated: tally.simulated,
    promptVersions: [...tally.promptVersions].sort(),
    taskModels: [...tally.taskModels].sort(),
    coaches: [...tally.coaches].sort(),
    paths: tally.paths,
    decisions: { ...tally.decisions, byAction: tally.byAction.counts(), byTurn: tally.byTurn.counts() },
    tokens: tally.tokens,
    costUsd: tally.costUsd,
    pairs: {
      kept: tally.kept,
      left: tally.left,
      byTurn: tally.pairsByTurn.counts(),
      byAction: tally.pairsByAction.counts(),
      byTask: tally.pairsByTask.counts(),
      byGap: tally.pairsByGap.counts(),
    },
    noContrast: { ...noContrast, share: tally.trees === 0 ? 0 : noContrast.trees / tally.trees },
    length: {
      chosen: tally.kept === 0 ? null : length.chosen / tally.kept,
      rejected: tally.kept === 0 ? null : length.rejected / tally.kept,
      longerPreferred: length.unequal === 0 ? null : length.longer / length.unequal,
      unequal: length.unequal,
    },
    guard: tally.guard,
    turns: { ...tally.turns, noticed: tally.noticed.counts() },
    byTask: [...tally.byTask].map(([task, of]) => ({ task, ...of })).sort((a, b) => (a.task < b.task ? -1 : 1)),
  }
  return { ...known, warnings: warningsOf(known) }
}

class Counter {
  readonly #counts = new Map<string, number>()

  add(name: string | number): void {
    this.#counts.set(String(name), (this.#counts.get(String(name)) ?? 0) + 1)
  }

  /** The most frequent first; numbers stand in their own order, as JSON has it. */
  counts(): Counts {
    return Object.fromEntries([...this.#counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)))
  }
}

const newTally = () => ({
  trees: 0,
  simulated: false,
  promptVersions: new Set<string>(),
  taskModels: new Set<string>(),
  coaches: new Set<string>(),
  paths: { total: 0, judged: 0, right: 0, returnedRight: 0 },
  decisions: { total: 0, forced: 0 },
  byAction: new Counter(),
  byTurn: new Counter(),
  tokens: 0,
  costUsd: 0 as number | null,
  kept: 0,
  left: { unscored: 0, tie: 0, smallGap: 0, nonePositive: 0, betterWentWrong: 0, sameWords: 0, overLimit: 0 },
  pairsByTurn: new Counter(),
  pairsByAction: new Counter(),
  pairsByTask: new Counter(),
  pairsByGap: new Counter(),
  noContrast: { trees: 0, allAlike: 0 },
  length: { chosen: 0, rejected: 0, longer: 0, unequal: 0 },
  guard: { returnFirst: 0, terminatePreferred: 0, confirmed: 0, confirmedWrong: 0, answerTold: 0, answerPassedOn: 0 },
  turns: { total: 0, wentWrong: 0 },
  noticed: new Counter(),
  byTask: new Map<string, { trees: number; judged: number; right: number; pairs: number }>(),
})

type Tally = ReturnType<typeof newTally>

function countTree(tally: Tally, tree: Tree, policy: ScorePolicy, minGap: number): void {
  const { task } = tree.question.coordinates
  const ofTask = tally.byTask.get(task) ?? { trees: 0, judged: 0, right: 0, pairs: 0 }
  tally.byTask.set(task, ofTask)
  tally.trees++
  ofTask.trees++
  tally.simulated ||= tree.simulated
  tally.promptVersions.add(tree.promptVersion)
  tally.taskModels.add(tree.models.task)
  tally.coaches.add(tree.coach)
  for (const { node } of decisionsOf(tree)) countDecision(tally, node)
  const verdicts = new Set<boolean>()
  for (const path of pathsOf(tree.children)) {
    const right = countPath(tally, path, tree.question.prompt)
    if (right === null) continue
    verdicts.add(right)
    ofTask.judged++
    if (right) ofTask.right++
  }
  const scores = policy.score(tree)
  const scoreOf = (node: TreeNode) => scores.get(node) ?? null
  const { pairs, left } = preferencesOf(tree, { scoreOf, minGap, maxPerTree: null, unified: false, seed: 0 })
  for (const [reason, count] of Object.entries(left)) tally.left[reason as keyof typeof left] += count
  for (const pair of pairs) countPair(tally, pair)
  ofTask.pairs += pairs.length
  if (pairs.length > 0) return
  tally.noContrast.trees++
  if (verdicts.size < 2) tally.noContrast.allAlike++
}

function countDecision(tally: Tally, node: TreeNode): void {
  const { decisions, turns } = tally
  decisions.total++
  if (node.forced) decisions.forced++
  tally.byAction.add(node.guidance.action)
  tally.byTurn.add(node.turn)
  tally.tokens += node.tokens
  tally.costUsd = tally.costUsd === null || node.costUsd === null ? null : tally.costUsd + node.costUsd
  if (isFinish(node.guidance)) return
  turns.total++
  if (wentWrong(node)) turns.wentWrong++
  for (const notice of node.notices) tally.noticed.add(notice)
}

/** Whether the path came out right; null when it could not be judged. */
function countPath({ paths, guard }: Tally, path: readonly TreeNode[], question: string): boolean | null {
  const leaf = path.at(-1)!
  paths.total++
  if (!leaf.outcome || leaf.outcome.verdict === 'unscored') return null
  const right = leaf.outcome.verdict === 'correct'
  paths.judged++
  if (right) paths.right++
  if (right && leaf.outcome.stop === 'returned') paths.returnedRight++
  const seen = wordsOf(leaf.prompt.at(-1)!)
  if (isFinish(leaf.guidance) && /^Self-check: .*found it correct/m.test(seen)) {
    guard.confirmed++
    if (!right) guard.confirmedWrong++
  }
  if (right && isFinish(leaf.guidance)) countTellers(guard, path, seen, question)
  return right
}

/** Shorter answers occur in any words by chance. */
const tellingLength = 4

/** Counts the decisions whose words state the answer that the path ended with. */
function countTellers(guard: Tally['guard'], path: readonly TreeNode[], seen: string, question: string): void {
  // The round input closes with the markers of its own instruction; the answer stands before the self-check.
  const answer = lastMarked(seen.split('\nSelf-check: ')[0] ?? '')
  if (answer === null || answer.length < tellingLength || question.includes(answer)) return
  for (const { completion, prompt } of path) {
    if (!completion.includes(answer)) continue
    if (prompt.some(message => wordsOf(message).includes(answer))) guard.answerPassedOn++
    else guard.answerTold++
  }
}

function countPair(tally: Tally, pair: Preference): void {
  const { length, guard } = tally
  const { chosen, rejected, chosenAction, rejectedAction, turn, task } = pair
  tally.kept++
  tally.pairsByTurn.add(turn)
  tally.pairsByAction.add(`${chosenAction} > ${rejectedAction}`)
  tally.pairsByTask.add(task)
  const gap = pair.chosenScore - pair.rejectedScore
  tally.pairsByGap.add(gaps.find(([, upTo]) => gap <= upTo)![0])
  length.chosen += chosen.length
  length.rejected += rejected.length
  if (chosen.length !== rejected.length) length.unequal++
  if (chosen.length > rejected.length) length.longer++
  if (chosenAction === 'return' && turn === 1) guard.returnFirst++
  if (chosenAction === 'terminate') guard.terminatePreferred++
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`

/** Standard errors from one half at which a share is no longer chance; and how far off it must be to matter. */
const sureErrors = 3
const farOff = 0.15

function warningsOf(found: Omit<TreeDiagnostics, 'warnings'>): string[] {
  const { length, guard, pairs, paths, noContrast, turns, promptVersions } = found
  const warnings: string[] = []
  const { longerPreferred, unequal } = length
  const off = longerPreferred === null ? 0 : Math.abs(longerPreferred - 0.5)
  if (longerPreferred !== null && off >= farOff && off > (sureErrors * 0.5) / Math.sqrt(unequal)) {
    const which = longerPreferred > 0.5 ? 'longer' : 'shorter'
    const share = Math.max(longerPreferred, 1 - longerPreferred)
    warnings.push(
      `length predicts preference: the ${which} words are preferred in ${percent(share)} of ${unequal} pairs, so a coach may learn length instead of judgement`,
    )
  }
  if (guard.returnFirst > 0) warnings.push(`${guard.returnFirst} pairs prefer to return before anything was answered`)
  if (guard.terminatePreferred > 0)
    warnings.push(
      `${guard.terminatePreferred} of ${pairs.kept} pairs prefer to give up (the answer so far was right): a coach may learn to stop early`,
    )
  if (guard.confirmed >= 20 && guard.confirmedWrong / guard.confirmed > 0.05)
    warnings.push(
      `the self-check confirmed ${guard.confirmedWrong} wrong answers of ${guard.confirmed} (${percent(guard.confirmedWrong / guard.confirmed)}): a coach learns to believe it`,
    )
  if (guard.answerTold > 0)
    warnings.push(`${guard.answerTold} decisions tell the solver the very answer: the coach solved instead of guiding`)
  if (noContrast.share > 0.5)
    warnings.push(
      `${percent(noContrast.share)} of the trees yield no pair; --scheme uncertain or harder levels give more`,
    )
  if (paths.judged > 0 && paths.right === 0) warnings.push('no path came out right: there is nothing to imitate')
  if (turns.total > 0 && turns.wentWrong / turns.total > 0.2)
    warnings.push(`${percent(turns.wentWrong / turns.total)} of the turns are void or one more failed program`)
  if (promptVersions.length > 1)
    warnings.push(`${promptVersions.length} versions of the coach's prompts are mixed; data export refuses that`)
  return warnings
}
