import type { Rng } from '../../util/rng.ts'
import type { Rational } from '../_shared/rational.ts'
import { type Formula, type Invented, operatorSymbols, parseFormula, valueOfFormula } from './formula.ts'

export interface Definition {
  readonly symbol: string
  readonly formula: string
}

/** What a level draws: how many operators, how often they are applied, which kinds of formulas, how large a value may grow. */
export interface Recipe {
  readonly operators: number
  readonly applications: number
  readonly maxOperand: number
  readonly forms: readonly (keyof typeof forms)[]
  readonly bound: bigint
}

const times = (n: number, what: string) => (n === 1 ? what : `${n}*${what}`)

const forms = {
  linear: (rng: Rng) => `${times(rng.int(1, 5), 'a')} + ${times(rng.int(1, 5), 'b')}`,
  product: (rng: Rng) => times(rng.int(1, 5), 'a*b'),
  quotient: (rng: Rng) => rng.pick(['(a + b)/b', '(a + b)/a', `a/b + ${rng.int(1, 9)}`]),
  difference: (rng: Rng) => `${times(rng.int(1, 5), 'a')} - ${times(rng.int(1, 5), 'b')}`,
  larger: (rng: Rng) => `max(${times(rng.int(1, 3), 'a')}, ${times(rng.int(1, 3), 'b')}) - ${rng.int(1, 9)}`,
  smaller: (rng: Rng) => `min(${times(rng.int(1, 3), 'a')}, ${times(rng.int(1, 3), 'b')}) + ${rng.int(1, 9)}`,
  distance: (rng: Rng) => `abs(${times(rng.int(1, 3), 'a')} - ${times(rng.int(1, 3), 'b')})`,
  average: (rng: Rng) => `(${times(rng.int(1, 4), 'a')} + ${times(rng.int(1, 4), 'b')})/${rng.int(2, 5)}`,
}

/** Forms whose results stay near their operands; a long expression needs one of them. */
const damping: readonly string[] = ['smaller', 'distance', 'average', 'quotient']

interface Grown {
  readonly tree: Invented
  readonly value: Rational
}

/** Draws operators and an expression in which every one of them occurs, with every value on the way inside the bound. */
export function drawOperators(
  rng: Rng,
  recipe: Recipe,
): { readonly operators: readonly Definition[]; readonly expression: string } {
  for (;;) {
    const symbols = rng.sample(operatorSymbols, recipe.operators)
    const kinds = symbols.map(() => rng.pick(recipe.forms))
    if (recipe.applications > 6 && !kinds.some(kind => damping.includes(kind))) continue
    const operators = symbols.map((symbol, i) => ({ symbol, formula: forms[kinds[i]!](rng) }))
    if (new Set(operators.map(({ formula }) => formula)).size < operators.length) continue
    const formulas = new Map(operators.map(({ symbol, formula }) => [symbol, parseFormula(formula)!]))
    const grown = grow(rng, recipe, formulas, recipe.applications)
    if (grown === null || symbols.some(symbol => !uses(grown.tree, symbol))) continue
    if (trivial(grown)) continue
    return { operators, expression: print(rng, grown.tree) }
  }
}

/** A random tree with so many applications, or null where no operator keeps a value inside the bound. */
function grow(rng: Rng, recipe: Recipe, formulas: ReadonlyMap<string, Formula>, count: number): Grown | null {
  if (count === 0) {
    const value = BigInt(rng.int(1, recipe.maxOperand))
    return { tree: { kind: 'number', value }, value: { num: value, den: 1n } }
  }
  const inLeft = rng.int(0, count - 1)
  const left = grow(rng, recipe, formulas, inLeft)
  const right = left && grow(rng, recipe, formulas, count - 1 - inLeft)
  if (!left || !right) return null
  for (const symbol of rng.shuffle([...formulas.keys()])) {
    const value = valueOfFormula(formulas.get(symbol)!, left.value, right.value)
    if (value && value.num <= recipe.bound && -value.num <= recipe.bound && value.den <= recipe.bound) {
      return { tree: { kind: 'apply', symbol, left: left.tree, right: right.tree }, value }
    }
  }
  return null
}

const uses = (tree: Invented, symbol: string): boolean =>
  tree.kind === 'apply' && (tree.symbol === symbol || uses(tree.left, symbol) || uses(tree.right, symbol))

/** Too small to tell from 0 in six decimals, or a number that stands in the question. */
function trivial({ tree, value }: Grown): boolean {
  const size = value.num < 0n ? -value.num : value.num
  return size * 100n < value.den || (value.den === 1n && operandsOf(tree).includes(value.num))
}

const operandsOf = (tree: Invented): bigint[] =>
  tree.kind === 'number' ? [tree.value] : [...operandsOf(tree.left), ...operandsOf(tree.right)]

/** With the parentheses that are needed on the right, and now and then some on the left that are not. */
function print(rng: Rng, tree: Invented): string {
  if (tree.kind === 'number') return String(tree.value)
  const [left, right] = [print(rng, tree.left), print(rng, tree.right)]
  const leftText = tree.left.kind === 'apply' && rng.chance(0.4) ? `(${left})` : left
  return `${leftText} ${tree.symbol} ${tree.right.kind === 'apply' ? `(${right})` : right}`
}
