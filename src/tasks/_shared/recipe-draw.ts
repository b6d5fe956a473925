import type { Rng } from '../../util/rng.ts'
import { type Amount, carryOut, type Method, timesPossible } from './recipes.ts'

export interface MethodsSpec {
  /** Kinds of which there are some at the start, and kinds that are only made. */
  readonly first: number
  readonly later: number
  readonly methods: number
  /** Largest number of one kind in a method. */
  readonly amount: number
}

/**
 * Draws methods of which each makes less, by the weights of the kinds, than it uses: whatever the order and the start,
 * they cannot go on for ever. Every first kind is used by some method and every later kind made by one.
 */
export function drawMethods(rng: Rng, spec: MethodsSpec): Method[] {
  const { first, later, methods: count, amount } = spec
  const kinds = first + later
  const weights = drawWeights(rng, spec)
  const others = (without: readonly number[]) => [...weights.keys()].filter(kind => !without.includes(kind))
  const methods: Method[] = []
  while (methods.length < count) {
    const i = methods.length
    const source = i < first ? i : rng.int(0, kinds - 1)
    const using = [source, ...rng.sample(others([source]), rng.pick([0, 1, 1, 1, 2]))]
    const target = i < later ? first + i : rng.int(0, kinds - 1)
    if (using.includes(target)) continue
    const extra = others([...using, target])
    const making = [target, ...rng.sample(extra, Math.min(extra.length, rng.pick([0, 0, 1])))]
    const uses = using.map((kind): Amount => [kind, rng.int(1, amount)])
    const makes = making.map((kind): Amount => [kind, rng.int(1, amount)])
    const method = { uses: sorted(uses), makes: sorted(makes) }
    if (weigh(weights, makes) >= weigh(weights, uses)) continue
    if (!methods.some(other => twins(other, method))) methods.push(method)
  }
  return rng.shuffle(methods)
}

/**
 * Draws methods like `drawMethods`, for work in which each is applied as often as it can be: there a method drawn blindly
 * mostly finds its inputs gone. So the first pass is carried out along with the drawing; most methods use what is there
 * at their turn, and some make what an earlier one uses, for a later pass.
 */
export function drawFlow(rng: Rng, spec: MethodsSpec, start: readonly number[]): Method[] {
  const { first, later, methods: count, amount } = spec
  const kinds = Array.from({ length: first + later }, (_, kind) => kind)
  const weights = drawWeights(rng, spec)
  const stock = [...start, ...Array<number>(later).fill(0)]
  const methods: Method[] = []
  const [used, made] = [new Set<number>(), new Set<number>()]
  while (methods.length < count) {
    const there = rng.chance(0.85) ? kinds.filter(kind => stock[kind]! > 0) : kinds
    const using = rng.sample(there, Math.min(there.length, rng.pick([1, 2, 2, 2, 3])))
    if (using.length === 0) return methods
    const uses = using.map((kind): Amount => [kind, rng.int(1, Math.min(amount, stock[kind]! || amount))])
    const open = kinds.filter(kind => !using.includes(kind))
    const dice = rng.int(1, 10)
    const wanted = open.filter(kind => (dice <= 3 ? kind >= first && !made.has(kind) : dice <= 9 && used.has(kind)))
    const making = rng.sample(wanted.length > 0 ? wanted : open, 1)
    if (rng.chance(0.35))
      making.push(
        ...rng.sample(
          open.filter(kind => kind !== making[0]),
          1,
        ),
      )
    const makes = making.map((kind): Amount => [kind, rng.int(1, amount)])
    const method = { uses: sorted(uses), makes: sorted(makes) }
    if (weigh(weights, makes) >= weigh(weights, uses) || methods.some(other => twins(other, method))) continue
    methods.push(method)
    for (const kind of using) used.add(kind)
    for (const kind of making) made.add(kind)
    carryOut(stock, method, timesPossible(stock, method))
  }
  return methods
}

const sorted = (amounts: readonly Amount[]): Amount[] => [...amounts].sort((a, b) => a[0] - b[0])
const twins = (a: Method, b: Method) => String(a.uses) === String(b.uses)
const weigh = (weights: readonly number[], amounts: readonly Amount[]) =>
  amounts.reduce((sum, [kind, n]) => sum + weights[kind]! * n, 0)
const drawWeights = (rng: Rng, { first, later }: MethodsSpec) =>
  Array.from({ length: first + later }, (_, kind) => (kind < first ? rng.int(4, 9) : rng.int(1, 6)))
