import type { PublishedSample } from '../../task.ts'
import { firstLetters, type RecipeRung, type Recipes, recipeTask } from '../_shared/recipe-task.ts'
import type { Amount, Method } from '../_shared/recipes.ts'

/** The blocks of so many letters: square ones are there at first, curly and round ones are only made. */
const blocks = (letters: number) => ({
  first: firstLetters(letters).map(letter => `[${letter}]`),
  later: [...firstLetters(letters).map(letter => `{${letter}}`), ...firstLetters(letters).map(letter => `(${letter})`)],
})

const nine = blocks(3)
const kinds = [...nine.first, ...nine.later]

/** `2 [C]` to the index and number of a published block. */
const amount = (text: string): Amount => [kinds.indexOf(text.slice(-3)), Number(text.slice(0, -4))]
const method = (uses: readonly string[], makes: readonly string[]): Method => ({
  uses: uses.map(amount),
  makes: makes.map(amount),
})

/** The published methods, always these. */
const published: readonly Method[] = [
  method(['1 [A]', '1 [B]', '1 [C]'], ['1 {A}']),
  method(['1 [A]', '1 [B]'], ['1 {C}']),
  method(['1 [B]', '1 [C]'], ['1 {B}']),
  method(['2 [C]'], ['1 {C}']),
  method(['1 {A}', '1 {C}'], ['1 (A)', '1 (B)']),
  method(['2 {B}'], ['1 (C)']),
]

/** The start from the question, else from what is stored beside it. */
function fromPublished({ question, solution }: PublishedSample): Recipes | null {
  const said = /we now have ([0-9]{1,6}) \[A\], ([0-9]{1,6}) \[B\],? and ([0-9]{1,6}) \[C\]/.exec(
    typeof question === 'string' ? question.slice(0, 20_000) : '',
  )
  const stored = solution as {
    readonly A_count?: unknown
    readonly B_count?: unknown
    readonly C_count?: unknown
  } | null
  const start = said ? said.slice(1).map(Number) : [stored?.A_count, stored?.B_count, stored?.C_count]
  if (!start.every((count): count is number => Number.isSafeInteger(count) && Number(count) >= 0)) return null
  return { ...nine, start, methods: published, published: true }
}

const rung = (letters: number, methods: number, most: number, range: readonly [number, number]): RecipeRung => ({
  ...blocks(letters),
  methods,
  amount: most,
  range,
})

export default recipeTask({
  slug: 'string-synthesis',
  title: 'String Synthesis',
  split: 'seen',
  about: 'Join blocks by methods that are visited in turn, each applied as often as possible per visit.',
  ladder: [
    rung(3, 6, 2, [2, 6]),
    rung(3, 7, 2, [4, 9]),
    rung(3, 9, 3, [10, 40]),
    rung(4, 11, 3, [40, 150]),
    rung(5, 14, 4, [200, 900]),
    rung(6, 18, 5, [1_000, 9_999]),
    rung(7, 22, 5, [10_000, 40_000]),
  ],
  visit: 'exhaust',
  words: {
    head: 'Blocks are joined into other blocks. How many of each kind are there when nothing more can be joined?',
    first: 'Square blocks',
    later: 'Curly and round blocks',
    method: 'Method',
    uses: 'turn',
    makes: 'into',
    order:
      'Brackets and letter together are the name of a kind of block. The methods are gone through in the order of their numbers. When it is the turn of a method, it is carried out again and again, as often as the blocks that are there at that moment allow (perhaps never), and only then is it the turn of the next method. After the last method a new pass begins with Method 1, with the blocks made so far counted in. The work ends with a pass in which no method can be carried out at all.',
    format: 'Give the final counts',
  },
  glue: () => 'digits',
  fromPublished,
  publishedKey(sample) {
    const key = (sample.solution as { readonly final_counts?: unknown } | null)?.final_counts
    return Array.isArray(key) ? key.join(' ') : null
  },
})
