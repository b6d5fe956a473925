import type { PartingPoint } from '../../coaches/_shared/varied-name.ts'
import type { WorkItem } from '../../store/run-store.ts'
import type { GrownPath, PathOutcome, PathSpec } from './path.ts'
import { defaultPaths, type Scheme, type SynthesisPlan } from './plan.ts'

/** What a scheme works with: growing one path, and being told to begin nothing more. */
export interface Growth {
  readonly plan: SynthesisPlan
  readonly items: readonly WorkItem[]
  /** Grows a path when there is room for it. */
  readonly grow: (spec: PathSpec) => Promise<PathOutcome>
  readonly stopped: () => boolean
  /** Told when nothing more is branched off a tree in this start. */
  readonly onTree: (item: WorkItem) => void
  /** Trees begun at once at most. */
  readonly atOnce: number
}

/** Where a path reached a decision first: more may branch off there. */
interface Place {
  readonly path: GrownPath
  readonly turn: number
}

/** Works every tree off by the plan's scheme. Which paths there are depends on the seed and what comes out, never on who is faster. */
export const schemeOf: Readonly<Record<Scheme, (growth: Growth) => Promise<void>>> = { published, uncertain }

/**
 * The published scheme (paper, section 4.3; steering-loop, sections 11 and 13): three first decisions, two after each that did not
 * end the loop, down to the depth.
 */
async function published(growth: Growth): Promise<void> {
  const { plan, items } = growth
  const below = async (outcome: PathOutcome): Promise<void> => {
    if (outcome.state !== 'done') return
    await Promise.all(
      placesOf(outcome.path).map(async place => {
        const more: Promise<void>[] = []
        const children = [place.path]
        // One sibling after the other: each must differ from those before it.
        while (children.length < plan.branches[place.turn - 1]! && !growth.stopped()) {
          const next = await growth.grow(branch(place, children))
          if (next.state !== 'done') break
          children.push(next.path)
          more.push(below(next))
        }
        await Promise.all(more)
      }),
    )
  }
  await eachAtOnce(growth.atOnce, items, async item => {
    if (growth.stopped()) return
    await below(await growth.grow({ item, points: [], parent: null }))
    growth.onTree(item)
  })
}

/**
 * Branches where it is uncertain what comes out: after one path for each tree, every further path goes where 4p(1-p) is
 * greatest, p being the chance that the answer below comes out right, divided by the children already there. With the same
 * number of paths as another scheme, fewer lie in trees where everything comes out the same and teaches nothing. Not in the paper.
 *
 * Paths are given out in rounds, by what all earlier rounds found, so that the result does not depend on which path was faster.
 */
async function uncertain(growth: Growth): Promise<void> {
  const { plan, items } = growth
  const found: GrownPath[] = []
  let whole = true
  const keep = (outcome: PathOutcome) => {
    if (outcome.state === 'done') found.push(outcome.path)
    else if (outcome.state !== 'repeated') whole = false
    return outcome
  }
  await eachAtOnce(growth.atOnce, items, async item => {
    if (growth.stopped()) whole = false
    else keep(await growth.grow({ item, points: [], parent: null }))
  })
  const children = new Map<string, GrownPath[]>()
  const exhausted = new Set<string>()
  let left = Math.round(items.length * (plan.paths ?? defaultPaths)) - items.length
  const perRound = Math.max(1, Math.ceil(items.length / 2))
  while (left > 0 && whole && !growth.stopped()) {
    const open = openPlaces(found, plan, { children, exhausted, items })
    const round = open.slice(0, Math.min(left, perRound))
    if (round.length === 0) break
    const outcomes = await Promise.all(
      round.map(async place => {
        const there = children.get(keyOf(place)) ?? [place.path]
        const outcome = await growth.grow(branch(place, there))
        if (outcome.state === 'repeated') exhausted.add(keyOf(place))
        if (outcome.state === 'done') children.set(keyOf(place), [...there, outcome.path])
        return outcome
      }),
    )
    // In the order of the round, whoever was first.
    outcomes.forEach(keep)
    left -= round.length
  }
  for (const item of items) growth.onTree(item)
}

interface Grown {
  readonly children: ReadonlyMap<string, readonly GrownPath[]>
  readonly exhausted: ReadonlySet<string>
  readonly items: readonly WorkItem[]
}

/** Where more may branch off, the most worthwhile first; ties in the order of the trees. */
function openPlaces(found: readonly GrownPath[], plan: SynthesisPlan, { children, exhausted, items }: Grown): Place[] {
  const most = Math.max(...plan.branches)
  const odds = oddsOf(found)
  const rank = new Map(items.map((item, i) => [item.key, i]))
  return found
    .flatMap(placesOf)
    .map(place => ({ place, key: keyOf(place), there: children.get(keyOf(place))?.length ?? 1 }))
    .filter(({ key, there }) => there < most && !exhausted.has(key))
    .map(({ place, key, there }) => {
      const p = odds.below(place)
      return { place, key, worth: (4 * p * (1 - p)) / there, rank: rank.get(place.path.item.key)! }
    })
    .sort((a, b) => b.worth - a.worth || a.rank - b.rank || (a.key < b.key ? -1 : 1))
    .map(({ place }) => place)
}

interface Tally {
  right: number
  judged: number
}

/** Leaves of the prior at each step from all questions to a task, a level and a place. */
const priorLeaves = 2

/**
 * How likely the answer comes out right below a place: the share of right leaves there, shrunk by a Beta prior to that of its
 * task and level, which is shrunk to that of its task, and this to that of all.
 */
export function oddsOf(found: readonly GrownPath[]) {
  const tallies = new Map<string, Tally>()
  const add = (key: string, right: number) => {
    const tally = tallies.get(key) ?? { right: 0, judged: 0 }
    tallies.set(key, tally)
    tally.right += right
    tally.judged++
  }
  for (const path of found) {
    if (path.verdict === 'unscored') continue
    const right = Number(path.verdict === 'correct')
    const { task, level } = path.item
    for (const key of ['all', `task ${task}`, `cell ${task} ${level}`]) add(key, right)
    // A leaf counts below every decision that led to it.
    for (let turn = 1; turn <= path.decisions.length; turn++) add(placeKey(path, turn), right)
  }
  const shrunk = (key: string, towards: number) => {
    const { right, judged } = tallies.get(key) ?? { right: 0, judged: 0 }
    return (right + priorLeaves * towards) / (judged + priorLeaves)
  }
  return {
    below({ path, turn }: Place): number {
      const { task, level } = path.item
      const all = shrunk('all', 0.5)
      return shrunk(placeKey(path, turn), shrunk(`cell ${task} ${level}`, shrunk(`task ${task}`, all)))
    },
  }
}

/** The decisions that a path was the first to come to; nothing branches off behind a stuck turn. */
function placesOf(path: GrownPath): Place[] {
  const last = path.points.at(-1)?.turn ?? 0
  const stuck = path.decisions.findIndex(decision => decision.stuck)
  const until = stuck < 0 ? path.decisions.length : Math.min(path.decisions.length, stuck + 1)
  return Array.from({ length: Math.max(0, until - last) }, (_, i) => ({ path, turn: last + 1 + i }))
}

const keyOf = ({ path, turn }: Place) => placeKey(path, turn)

/** The same for all paths that share everything before this turn. */
function placeKey({ item, points }: GrownPath, turn: number): string {
  const before = points.filter(point => point.turn < turn)
  return `${item.key} ${before.map(point => `${point.turn}.${point.sibling}`).join(',')} @${turn}`
}

/** The next path that parts at a place from those that went on there. */
function branch({ path, turn }: Place, children: readonly GrownPath[]): PathSpec {
  const point: PartingPoint = {
    turn,
    sibling: children.length,
    taken: children.map(child => child.decisions[turn - 1]!.mark),
  }
  return { item: path.item, points: [...path.points.filter(other => other.turn < turn), point], parent: path }
}

/** Does the work for each, so many at once. */
async function eachAtOnce<T>(atOnce: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
}
