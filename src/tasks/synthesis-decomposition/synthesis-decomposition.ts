import type { PublishedSample } from '../../task.ts'
import { firstLetters, lastLetters, type RecipeRung, type Recipes, recipeTask } from '../_shared/recipe-task.ts'
import type { Amount, Method } from '../_shared/recipes.ts'

/** The published question of each complexity: kinds, and methods as `used > made` by kind. */
const two = { first: ['A', 'B'], later: ['X'], methods: ['A1 B1 > X1', 'A3 > X2'] }
const three = { first: ['A', 'B', 'C'], later: ['X'], methods: ['A1 B1 C1 > X1', 'A1 B1 > C2', 'C2 > X1'] }
const five = {
  first: ['A', 'B', 'C'],
  later: ['X', 'Y'],
  methods: ['A2 B1 C1 > X3', 'A1 B1 > C2', 'C2 X1 > Y1', 'A1 X2 > Y1'],
}
const published = [two, two, three, three, five] as const

const unpack = (text: string, kinds: readonly string[]): Amount[] =>
  text.split(' ').map((item): Amount => [kinds.indexOf(item[0]!), Number(item.slice(1))])

/** The published row by the complexity that is stored, else by the products and crops that the question names. */
function rowOf({ question, solution, complexity }: PublishedSample): (typeof published)[number] | null {
  const stored = (solution as { readonly complexity?: unknown } | null)?.complexity ?? complexity
  if (typeof question === 'string') {
    if (/^Method 4:/m.test(question)) return five
    if (/^Method 3:/m.test(question)) return three
    if (/^Method 2:/m.test(question)) return two
  }
  return typeof stored === 'number' ? (published[stored - 1] ?? null) : null
}

/** The start from the question, else from what is stored beside it. */
function fromPublished(sample: PublishedSample): Recipes | null {
  const row = rowOf(sample)
  if (row === null) return null
  const said = typeof sample.question === 'string' ? sample.question.slice(0, 20_000) : ''
  const initially = /Initially there are ([^.\n]{1,200})/.exec(said)?.[1] ?? ''
  const counts = new Map(
    [...initially.matchAll(/([0-9]{1,6}) units? of crop ([A-C])/g)].map(([, n, crop]) => [crop, Number(n)]),
  )
  const solution = sample.solution as { readonly initial_state?: Readonly<Record<string, unknown>> } | null
  const start = row.first.map(crop => counts.get(crop) ?? solution?.initial_state?.[crop])
  if (!start.every((count): count is number => Number.isSafeInteger(count) && Number(count) >= 0)) return null
  const kinds = [...row.first, ...row.later]
  const methods = row.methods.map((text): Method => {
    const [uses, makes] = text.split(' > ')
    return { uses: unpack(uses!, kinds), makes: unpack(makes!, kinds) }
  })
  return { first: row.first, later: row.later, start, methods, published: true }
}

/** What is stored always has five numbers, A B C X Y; asked for are those of the kinds that the question has. */
function publishedKey(sample: PublishedSample): string | null {
  const row = rowOf(sample)
  const stored = sample.solution as { readonly solution?: { readonly answer?: unknown } } | null
  const answer = stored?.solution?.answer
  if (row === null || !Array.isArray(answer) || answer.length !== 5) return null
  return `[${[...row.first, ...row.later].map(kind => answer['ABCXY'.indexOf(kind)]).join(', ')}]`
}

const rung = (
  first: number,
  later: number,
  methods: number,
  amount: number,
  range: readonly [number, number],
  instances?: number,
): RecipeRung => ({
  first: firstLetters(first),
  later: lastLetters(later),
  methods,
  amount,
  range,
  ...(instances ? { instances } : {}),
})

export default recipeTask({
  slug: 'synthesis-decomposition',
  title: 'Synthesis Decomposition',
  split: 'unseen',
  about: 'Exchange crops for products, and back, by deals that are visited in turn, each made at most once per visit.',
  ladder: [
    rung(2, 1, 3, 3, [3, 8], 1_500_000),
    rung(3, 1, 4, 3, [4, 12]),
    rung(3, 2, 5, 3, [8, 25]),
    rung(4, 2, 7, 4, [25, 80]),
    rung(5, 4, 11, 4, [100, 300]),
    rung(7, 6, 16, 5, [400, 1_200]),
    rung(9, 8, 20, 5, [1_300, 2_200]),
  ],
  visit: 'once',
  words: {
    head: 'A farmer exchanges crops and products at a market. How much of each is on the farm when no deal is possible any more?',
    first: 'Crops',
    later: 'Products',
    method: 'Deal',
    uses: 'give',
    makes: 'receive',
    order:
      'All numbers are units. The deals are considered one after the other in the order of their numbers, and after the last one again from Deal 1, over and over. Whenever a deal is considered, it is made exactly once if the farm then holds everything that has to be given, and not at all otherwise; in both cases the next deal is considered after it. So no deal is repeated before all the others have been considered, and what was received counts at once for the deals that follow. It ends when no deal can be made.',
    format: 'Give the units on the farm at the end',
  },
  glue: () => 'never',
  fromPublished,
  publishedKey,
})
