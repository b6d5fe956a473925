import type { Coach, CoachContext, CoachKind, Guidance } from '../coach.ts'
import { InputError } from '../errors.ts'
import { confidenceOf } from '../fold.ts'
import type { StepKit } from '../kit.ts'
import { load } from '../registry.ts'
import type { Trajectory, TrajectoryEvent } from '../trajectory.ts'
import { seededRng } from '../util/rng.ts'
import { alternatives, inOrder, openingGuidance, otherWay } from './_shared/alternatives.ts'
import { completionOf } from './_shared/decision.ts'
import { markOf, type PartingPoint, readVariedArgument, type VariedParts } from './_shared/varied-name.ts'

/** Samples of a model's decision that are taken until one is new; then the repeat stands. */
const mostSamples = 3

/**
 * Other coaches, made to decide differently each time: what trees of training data are grown with. Every decision is drawn from
 * the seed, the path that led to it and the turn, so that paths that share a turn share its decision, and a record replays.
 */
const varied: CoachKind = {
  name: 'varied',
  about: 'varies the decisions of other coaches by a seed, for training data: varied:rules, varied:rules|tuned:<model>',
  argument: 'coaches, separated by |',
  async open(argument, context) {
    if (!argument) throw new InputError('the varied coach needs a coach to vary', 'For example --coach varied:rules')
    const parts = readVariedArgument(argument)
    const coaches: Coach[] = []
    for (const name of parts.of) coaches.push(await openInner(name, context))
    return {
      name: `varied:${argument}`,
      models: [...new Set(coaches.flatMap(coach => coach.models))],
      guide: (soFar, kit) => decide(parts, coaches, soFar, kit),
    }
  },
}

export default varied

async function openInner(name: string, context: CoachContext): Promise<Coach> {
  const [, kindName = name, argument = null] = /^([^:]*):(.*)$/s.exec(name) ?? []
  const kind = await load<CoachKind>('coaches', kindName)
  if (kind.name === 'varied' || (kind.argument === null && argument !== null))
    throw new InputError(`"${name}" cannot be varied`, 'Name coaches such as rules, prompted:<model> or tuned:<model>.')
  return kind.open(argument, context)
}

async function* decide(
  { seed, openings, points }: VariedParts,
  coaches: readonly Coach[],
  soFar: Trajectory,
  kit: StepKit,
): AsyncGenerator<TrajectoryEvent, Guidance> {
  const turn = soFar.turns.length + 1
  const here = points.find(point => point.turn === turn)
  const node = placeOf(points.filter(point => point.turn < turn))
  const sibling = here?.sibling ?? 0
  const isNew = (guidance: Guidance) => !here?.taken.includes(markOf(completionOf(guidance)))
  const forced = forcedHere(openings, { seed, points, turn, sibling }, soFar)
  if (forced && isNew(forced)) return forced
  // Drawn for each sibling anew, so that several checkpoints meet at one decision.
  const coach = seededRng('varied-coach', seed, node, turn, sibling).pick(coaches)
  if (coach.models.length === 0) {
    const own = yield* coach.guide(soFar, kit)
    const tried = inOrder(alternatives(soFar, own), seededRng('varied', seed, node, turn))
    return tried.find(isNew) ?? own
  }
  for (let sample = 1; ; sample++) {
    const guidance = yield* coach.guide(soFar, kit)
    if (isNew(guidance) || sample === mostSamples) return guidance
  }
}

/** A path's place among all of its question, in words. */
const placeOf = (points: readonly PartingPoint[]) => points.map(({ turn, sibling }) => `${turn}.${sibling}`).join(',')

/**
 * What the opening of this path forces: its first way, then the other one, unless a checking program has confirmed the answer
 * already. The paths that part at the root share the openings out among themselves; who parts later is free from there on.
 */
function forcedHere(
  openings: VariedParts['openings'],
  { seed, points, turn, sibling }: { seed: string; points: readonly PartingPoint[]; turn: number; sibling: number },
  soFar: Trajectory,
): Guidance | null {
  if (turn > 2 || (turn === 2 && sibling > 0)) return null
  const first = points.find(point => point.turn === 1)?.sibling ?? 0
  const offset = seededRng('varied-opening', seed).int(0, openings.length - 1)
  const opening = openings[(offset + first) % openings.length]!
  if (opening === 'free') return null
  const way = opening === 'text-to-code' ? 'text' : 'code'
  const reason = `forced by the opening ${opening}`
  if (turn === 1) return openingGuidance(way, reason)
  const last = soFar.turns[0]!
  if (last.guidance.action !== way || confidenceOf(last) === 2) return null
  return otherWay(soFar, reason)
}
