import type { PublishedSample } from '../../task.ts'
import { firstLetters, lastLetters, type Recipes, recipeTask } from '../_shared/recipe-task.ts'
import type { Amount, Method } from '../_shared/recipes.ts'

const [A, B, C, X, Y, Z] = [0, 1, 2, 3, 4, 5] as const
const method = (uses: readonly Amount[], makes: readonly Amount[]): Method => ({ uses, makes })

/** The published methods: always these five, in varying words. */
const published: readonly Method[] = [
  method(
    [[A, 1]],
    [
      [X, 2],
      [Y, 1],
    ],
  ),
  method([[B, 2]], [[X, 1]]),
  method([[C, 2]], [[Y, 1]]),
  method(
    [
      [B, 1],
      [C, 1],
    ],
    [[A, 1]],
  ),
  method(
    [
      [X, 1],
      [Y, 1],
    ],
    [[Z, 1]],
  ),
]

/** The counts of the start stand only in the question. */
function fromPublished({ question }: PublishedSample): Recipes | null {
  if (typeof question !== 'string') return null
  const found =
    /([0-9]{1,6}) units? of machine A, ([0-9]{1,6}) units? of machine B,? and ([0-9]{1,6}) units? of machine C/i.exec(
      question.slice(0, 20_000),
    )
  if (!found) return null
  return {
    first: ['A', 'B', 'C'],
    later: ['X', 'Y', 'Z'],
    start: found.slice(1, 4).map(Number),
    methods: published,
    published: true,
  }
}

const rung = (first: number, later: number, methods: number, amount: number, range: readonly [number, number]) => ({
  first: firstLetters(first),
  later: lastLetters(later),
  methods,
  amount,
  range,
})

export default recipeTask({
  slug: 'string-splitting',
  title: 'String Splitting',
  split: 'unseen',
  about: 'Take machines apart and join parts by methods that are visited in turn, each applied once per visit.',
  ladder: [
    rung(3, 3, 4, 2, [2, 5]),
    rung(3, 3, 5, 2, [3, 8]),
    rung(3, 3, 6, 3, [8, 15]),
    rung(4, 4, 8, 3, [15, 40]),
    rung(5, 5, 10, 3, [50, 150]),
    rung(7, 6, 14, 4, [300, 900]),
    rung(9, 8, 18, 4, [1_000, 2_000]),
  ],
  visit: 'once',
  words: {
    head: 'A workshop takes old machines apart and joins parts. How much of everything is there in the end?',
    first: 'Kinds of machines',
    later: 'Kinds of parts',
    method: 'Method',
    uses: 'use up',
    makes: 'gain',
    order:
      'The methods are visited in the order of their numbers, and after the last one the round begins again with Method 1. A visited method is carried out exactly once if everything that it uses up is there at that moment; otherwise it is skipped. Either way the next method is visited: a method is never carried out twice in a row in one visit, and the round never goes back early. What a method has gained can be used from the next visit on. The work stops when no method at all can be carried out.',
    format: 'Give the final counts',
  },
  glue: puzzle => (puzzle.published ? 'joined' : 'never'),
  fromPublished,
  publishedKey(sample) {
    const key = (sample.solution as { readonly expected_answer?: unknown } | null)?.expected_answer
    return Array.isArray(key) ? JSON.stringify(key) : null
  },
})
