import { defineTask, type PublishedSample, type Task } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, readBack } from './answers.ts'
import { countSlips, type Glue, judgeCounts } from './counts.ts'
import { onlyWrong } from './misses.ts'
import { drawFlow, drawMethods } from './recipe-draw.ts'
import { type Amount, columns, exhausting, fromTop, inTurn, type Method, onePass } from './recipes.ts'

/** Counts of things that methods turn into other things. Kinds are numbered through `first`, then `later`. */
export interface Recipes {
  /** Kinds of which there are `start` at the beginning. */
  readonly first: readonly string[]
  /** Kinds of which there are none at the beginning. */
  readonly later: readonly string[]
  readonly start: readonly number[]
  readonly methods: readonly Method[]
  /** Asked in the published words, whose form of an answer counts too. */
  readonly published?: true
}

export interface RecipeRung {
  readonly first: readonly string[]
  readonly later: readonly string[]
  readonly methods: number
  readonly amount: number
  /** Start count of each first kind. */
  readonly range: readonly [from: number, to: number]
  readonly instances?: number
}

export interface RecipeTask {
  readonly slug: string
  readonly title: string
  readonly split: 'seen' | 'unseen'
  readonly about: string
  readonly ladder: readonly RecipeRung[]
  /** How often a visited method is applied: once, or as often as it can be. */
  readonly visit: 'once' | 'exhaust'
  readonly words: {
    /** The first line, which no other task begins with. */
    readonly head: string
    readonly first: string
    readonly later: string
    readonly method: string
    readonly uses: string
    readonly makes: string
    /** The order of work, in full. */
    readonly order: string
    readonly format: string
  }
  readonly glue: (puzzle: Recipes) => Glue
  fromPublished(sample: PublishedSample): Recipes | null
  publishedKey(sample: PublishedSample): string | null
}

/** Letters from the start of the alphabet for what is there, from its end for what is made. */
export const firstLetters = (count: number): string[] => [...'ABCDEFGHIJ'.slice(0, count)]
export const lastLetters = (count: number): string[] => [
  ...(count <= 3 ? 'XYZ'.slice(0, count) : 'QRSTUVWXYZ'.slice(-count)),
]

const list = (counts: readonly number[]) => `[${counts.join(', ')}]`
const startOf = ({ start, later }: Recipes): number[] => [...start, ...later.map(() => 0)]

/** A task whose puzzles are recipes. */
export function recipeTask(spec: RecipeTask): Task<Recipes> {
  const { words, visit } = spec
  const [work, otherWork] = visit === 'once' ? [inTurn, exhausting] : [exhausting, inTurn]
  const names = ({ first, later }: Recipes) => [...first, ...later]

  const amounts = (puzzle: Recipes, items: readonly Amount[]) =>
    items.map(([kind, count]) => `${count} ${names(puzzle)[kind]}`).join(' and ')

  const tellMethod = (puzzle: Recipes, { uses, makes }: Method) =>
    `${words.uses} ${amounts(puzzle, uses)}, ${words.makes} ${amounts(puzzle, makes)}`

  const ask = (puzzle: Recipes): string =>
    [
      words.head,
      `${words.first}: ${puzzle.first.join(' ')}`,
      `${words.later}: ${puzzle.later.join(' ')}`,
      ...puzzle.methods.map((method, i) => `${words.method} ${i + 1}: ${tellMethod(puzzle, method)}`),
      `At the start: ${amounts(
        puzzle,
        puzzle.start.map((count, kind): Amount => [kind, count]),
      )}; nothing else`,
      words.order,
      answerFormat(
        `${words.format} in this order: ${names(puzzle).join(', ')}. Write them as a list of whole numbers.`,
        '[7, 0]',
      ),
    ].join('\n')

  function untell(text: string, kinds: readonly string[]): Amount[] | null {
    const found: Amount[] = []
    for (const item of text.split(' and ', 100)) {
      const parts = /^([0-9]{1,9}) (\S{1,9})$/.exec(item)
      const kind = parts ? kinds.indexOf(parts[2]!) : -1
      if (kind < 0) return null
      found.push([kind, Number(parts![1])])
    }
    return found
  }

  function parse(prompt: string): Recipes | null {
    const from = prompt.indexOf(words.head)
    if (from < 0) return null
    const lines = prompt.slice(from, from + 20_000).split('\n', 200)
    const [firstLine = '', laterLine = ''] = lines.slice(1)
    if (!firstLine.startsWith(`${words.first}: `) || !laterLine.startsWith(`${words.later}: `)) return null
    const first = firstLine.slice(words.first.length + 2).split(' ')
    const later = laterLine.slice(words.later.length + 2).split(' ')
    const kinds = [...first, ...later]
    const methods: Method[] = []
    for (const line of lines.slice(3)) {
      const head = `${words.method} ${methods.length + 1}: ${words.uses} `
      if (!line.startsWith(head)) break
      const [used = '', made = ''] = line.slice(head.length).split(`, ${words.makes} `)
      const [uses, makes] = [untell(used, kinds), untell(made, kinds)]
      if (!uses || !makes) return null
      methods.push({ uses, makes })
    }
    const there = /^At the start: (.*); nothing else$/.exec(lines[3 + methods.length] ?? '')
    const start = there && untell(there[1]!, kinds)
    if (!start || start.some(([kind], i) => kind !== i) || methods.length === 0) return null
    return { first, later, start: start.map(([, count]) => count), methods }
  }

  function solution(puzzle: Recipes): readonly number[] {
    const outcome = work(startOf(puzzle), puzzle.methods)
    if (outcome === null) throw new Error(`${spec.slug}: the methods of ${JSON.stringify(puzzle)} never stop`)
    return outcome.counts
  }

  const leastUsed = (methods: number) => (visit === 'exhaust' ? 0.75 : methods < 10 ? 1 : 0.8)

  /** Nearly every method is of use, work is left for several rounds, and it matters in which order it is done. */
  function fits(puzzle: Recipes): boolean {
    const start = startOf(puzzle)
    const right = work(start, puzzle.methods)
    if (right === null || right.counts.filter(count => count > 0).length < 2) return false
    const used = right.uses.filter(count => count > 0).length
    if (used < right.uses.length * leastUsed(right.uses.length)) return false
    // One pass alone is no cycle.
    if (right.batches < used + Math.max(1, Math.floor(used / 5))) return false
    // A reading that takes this long is no longer compared: by then it never comes to the same counts.
    const readings = visit === 'once' ? [otherWork, fromTop] : [otherWork]
    const others = readings.map(reading => reading(start, puzzle.methods, 5_000))
    return others.every(other => list(other?.counts ?? []) !== list(right.counts))
  }

  return defineTask<Recipes>({
    slug: spec.slug,
    title: spec.title,
    split: spec.split,
    version: 1,
    about: spec.about,
    levels: spec.ladder.map(({ first, later, methods, range, instances }) => ({
      knob: `${first.length} + ${later.length} kinds, ${methods} methods, ${range[0]} to ${range[1]} of each at the start`,
      ...(instances ? { instances } : {}),
    })),
    generate: (rng, level) => {
      const { first, later, methods: count, amount, range } = spec.ladder[level - 1]!
      for (;;) {
        const start = first.map(() => rng.int(range[0], range[1]))
        const kinds = { first: first.length, later: later.length, methods: count, amount }
        const methods = visit === 'once' ? drawMethods(rng, kinds) : drawFlow(rng, kinds, start)
        const puzzle = { first, later, start, methods }
        if (fits(puzzle)) return puzzle
      }
    },
    ask,
    read: readBack(ask, parse),
    verify(puzzle, answer) {
      const outcome = work(startOf(puzzle), puzzle.methods)
      if (outcome === null) return { verdict: 'unscored', why: 'the methods of this question never stop' }
      return judgeCounts(names(puzzle), outcome.counts, answer, spec.glue(puzzle))
    },
    solve: puzzle => list(solution(puzzle)),
    pythonData(puzzle) {
      const kinds = names(puzzle)
      const named = (items: readonly Amount[]) =>
        Object.fromEntries(items.map(([kind, count]) => [kinds[kind]!, count]))
      return {
        START: Object.fromEntries(startOf(puzzle).map((count, kind) => [kinds[kind]!, count])),
        METHODS: puzzle.methods.map(({ uses, makes }) => [named(uses), named(makes)]),
      }
    },
    nearMisses: (puzzle, rng) => misses(puzzle, rng),
    identity: puzzle => [columns(startOf(puzzle), puzzle.methods), puzzle.first.length],
    effort: puzzle => work(startOf(puzzle), puzzle.methods)?.steps ?? 0,
    show(puzzle) {
      const stock = startOf(puzzle).map((count, kind) => `${names(puzzle)[kind]!.padStart(4)} ${count}`)
      return [...stock, '', ...puzzle.methods.map((method, i) => `${i + 1}. ${tellMethod(puzzle, method)}`)].join('\n')
    },
    fromPublished: spec.fromPublished,
    publishedKey: spec.publishedKey,
  })

  function misses(puzzle: Recipes, rng: Rng): string[] {
    const start = startOf(puzzle)
    const { methods } = puzzle
    const right = solution(puzzle)
    const swapped = [...methods.slice(1), methods[0]!]
    const readings = [
      otherWork(start, methods)?.counts,
      fromTop(start, methods)?.counts,
      onePass(start, methods),
      work(start, methods.slice(0, -1))?.counts,
      work(start, swapped)?.counts,
    ].filter(counts => counts !== undefined)
    return onlyWrong(
      answer => judgeCounts(names(puzzle), right, answer, spec.glue(puzzle)),
      [...readings, ...countSlips(right, rng), start].map(list),
    )
  }
}
