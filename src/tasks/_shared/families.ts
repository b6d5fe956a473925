import { defineTask, type PublishedSample, type Task } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, readBack } from './answers.ts'
import { attempt } from './attempt.ts'
import { judgeExact, judgeStored } from './math-judge.ts'
import { publishedQuestion } from './published.ts'
import { asRational, type Surd, showSurd, surd, surdApply } from './surd.ts'
import { type Template, template } from './template.ts'

/** One kind of question: its words, how its numbers are drawn, and the formula of its exact answer. */
export interface Family {
  readonly name: string
  /** Wordings of the same question; slots `{a}`, `{b}`, … are the numbers in order. */
  readonly texts: readonly string[]
  /** Numbers for which the question makes sense; `size` (1 to 8) says how large they are. */
  draw(rng: Rng, size: number): readonly (number | bigint)[]
  /** Whether the order of the numbers does not matter. */
  readonly symmetric?: true
  /** Larger numbers than this are not read: a changed question must not cost minutes. Default: the task's. */
  readonly most?: number
  /** Throws a RangeError where the numbers make no sense. */
  value(numbers: readonly bigint[]): Surd
}

/** A question of one of the families, or a published one with its stored key. */
export type FamilyPuzzle = Drawn | StoredProblem

/** Several parts are combined from left to right: `((A + B) * C)`. Numbers are decimal strings. */
export interface Drawn {
  readonly kind: 'drawn'
  readonly parts: readonly { readonly family: string; readonly wording: number; readonly numbers: readonly string[] }[]
  /** One fewer than there are parts. */
  readonly operations: readonly Operation[]
}

export type Operation = '+' | '-' | '*' | '/'

export interface StoredProblem {
  readonly kind: 'stored'
  readonly problem: string
  readonly key: string
}

/** What a task of families adds to them. */
export interface FamilyTask {
  readonly slug: string
  readonly title: string
  readonly about: string
  readonly families: readonly Family[]
  /** Parts per question, size of their numbers, operations that join parts, and how many puzzles where these are few. */
  readonly ladder: readonly {
    readonly parts: number
    readonly size: number
    readonly operations: readonly Operation[]
    readonly instances?: number
  }[]
  /** The first line, which no other task begins with. */
  readonly head: string
  /** The largest number that a question may hold, where its family says nothing else. */
  readonly most: number
  /** How to write the answer. */
  readonly format: string
  readonly example: string
}

const letters = 'abcdefghijkl'
const big = (numbers: readonly string[]) => numbers.map(BigInt)
/** Longer answers than this are no fun to anybody. */
const longestAnswer = 1_200

/** A task whose questions are built from families, with the published problems beside them. */
export function familyTask(spec: FamilyTask): Task<FamilyPuzzle> {
  const familyOf = new Map(spec.families.map(family => [family.name, family]))
  const wordings = new Map<string, Template[]>(spec.families.map(({ name, texts }) => [name, texts.map(template)]))

  const tell = ({ family, wording, numbers }: Drawn['parts'][number]) =>
    wordings.get(family)![wording]!.fill(Object.fromEntries(numbers.map((n, i) => [letters[i]!, n])))
  const partValue = ({ family, numbers }: Drawn['parts'][number]): Surd => {
    // A formula that divides by zero on the way has no value, whatever its type says.
    const value: Surd | null = familyOf.get(family)!.value(big(numbers))
    if (value === null) throw new RangeError(`${spec.slug}: ${family} of ${numbers.join(', ')} has no value`)
    return value
  }

  function result({ parts, operations }: Drawn): Surd | null {
    let value: Surd | null = partValue(parts[0]!)
    for (const [i, operation] of operations.entries()) {
      value = value && surdApply(operation, value, partValue(parts[i + 1]!))
    }
    return value
  }
  const answerOf = (puzzle: Drawn): Surd => {
    const value = result(puzzle)
    if (value === null) throw new RangeError(`${spec.slug}: ${JSON.stringify(puzzle)} has no value`)
    return value
  }
  const isTame = ({ family, numbers }: Drawn['parts'][number]) =>
    numbers.every(text => Math.abs(Number(text)) <= (familyOf.get(family)!.most ?? spec.most))

  function story({ parts, operations }: Drawn): string {
    if (parts.length === 1) return `Problem: ${tell(parts[0]!)}`
    const lines = parts.map((part, i) => `${letters[i]!.toUpperCase()}: ${tell(part)}`)
    const formula = operations.reduce((text, operation, i) => {
      const next = letters[i + 1]!.toUpperCase()
      return i === operations.length - 1 ? `${text} ${operation} ${next}` : `(${text} ${operation} ${next})`
    }, 'A')
    return [...lines, `Let ${lines.map(line => line[0]).join(', ')} be the exact answers. What is ${formula}?`].join(
      '\n',
    )
  }

  const format = answerFormat(spec.format, spec.example)
  const ask = (puzzle: FamilyPuzzle) =>
    `${spec.head}\n${puzzle.kind === 'drawn' ? story(puzzle) : `Problem: ${puzzle.problem}`}\n${format}`

  function untell(line: string): Drawn['parts'][number] | null {
    const text = line.slice(line.indexOf(': ') + 2)
    for (const [family, templates] of wordings) {
      for (const [wording, one] of templates.entries()) {
        const found = one.match(text)
        if (found?.end === text.length) {
          const numbers = [...letters].flatMap(letter => found.slots[letter] ?? [])
          return { family, wording, numbers }
        }
      }
    }
    return null
  }

  function parse(prompt: string): Drawn | null {
    const from = prompt.indexOf(spec.head)
    if (from < 0) return null
    const lines = prompt.slice(from + spec.head.length + 1, from + 20_000).split('\n', 40)
    const last = lines.findIndex(line => !/^(?:Problem|[A-L]): /.test(line))
    const parts = lines.slice(0, Math.max(0, last)).map(untell)
    if (parts.length === 0 || parts.includes(null)) return null
    const formula = /What is ([()A-L +*/-]+)\?$/.exec(lines[last]!)?.[1] ?? ''
    const operations =
      parts.length === 1 ? [] : (formula.match(/ [-+*/] /g) ?? []).map(text => text.trim() as Operation)
    return { kind: 'drawn', parts: parts as Drawn['parts'], operations }
  }

  function drawPart(rng: Rng, size: number): Drawn['parts'][number] {
    for (;;) {
      const family = rng.pick(spec.families)
      const numbers = family.draw(rng, size).map(String)
      const value = family.value(big(numbers))
      const plain = asRational(value)
      // Nothing and certainty are no answers to ask for.
      if (plain && (plain.num === 0n || plain.num === plain.den)) continue
      return { family: family.name, wording: rng.int(0, family.texts.length - 1), numbers }
    }
  }

  function isFair(puzzle: Drawn): boolean {
    const value = result(puzzle)
    if (value === null || value.num.length === 0) return false
    const answer = showSurd(value)
    const printed = new Set(story(puzzle).match(/-?\d+/g))
    return answer.length <= longestAnswer && answer !== spec.example && !printed.has(answer)
  }

  function slips(puzzle: Drawn, rng: Rng): string[] {
    const value = answerOf(puzzle)
    const one = surd(1n)
    const nudged = puzzle.parts.flatMap((part, p) =>
      part.numbers.flatMap((_, n) => {
        const numbers = part.numbers.map((text, i) => (i === n ? String(BigInt(text) + 1n) : text))
        const changed = { ...puzzle, parts: puzzle.parts.map((other, i) => (i === p ? { ...part, numbers } : other)) }
        return safely(() => showSurd(answerOf(changed)))
      }),
    )
    const swapped = puzzle.operations.map((operation, i) => {
      const other: Operation = operation === '+' ? '-' : '+'
      return { ...puzzle, operations: puzzle.operations.map((kept, j) => (j === i ? other : kept)) }
    })
    const with_ = (op: Operation, other: Surd) => safely(() => showSurd(surdApply(op, value, other) ?? surd(0n)))
    return [
      ...swapped.flatMap(other => safely(() => showSurd(answerOf(other)))),
      ...with_('+', one),
      ...with_('-', one),
      ...with_('*', surd(2n)),
      ...with_('/', surd(2n)),
      ...rng.shuffle(nudged).slice(0, 8),
      ...safely(() => showSurd(surdApply('/', one, value) ?? surd(0n))),
      ...safely(() => showSurd(surdApply('-', surd(0n), value) ?? surd(0n))),
      ...puzzle.parts.slice(0, 1).map(part => showSurd(partValue(part))),
      ...with_('*', surd(3n)),
      ...with_('+', surd(2n)),
      '0',
    ]
  }

  const orderless = ({ family, numbers }: Drawn['parts'][number]) =>
    familyOf.get(family)!.symmetric ? [...numbers].sort((a, b) => Number(a) - Number(b)) : numbers

  /** Mean length of the numbers in bits. */
  const bits = (numbers: readonly string[]) =>
    numbers.reduce((sum, n) => sum + Math.log2(2 + Math.abs(Number(n))), 0) / numbers.length

  return defineTask<FamilyPuzzle>({
    slug: spec.slug,
    title: spec.title,
    split: 'seen',
    version: 1,
    about: spec.about,
    levels: spec.ladder.map(({ parts, size, instances }) => ({
      knob: `${parts === 1 ? 'one problem' : `${parts} problems joined by a formula`}, numbers of size ${size} of 8`,
      ...(instances ? { instances } : {}),
    })),
    generate(rng, level) {
      const { parts: count, size, operations } = spec.ladder[level - 1]!
      for (;;) {
        const parts = Array.from({ length: count }, () => drawPart(rng, size))
        const puzzle: Drawn = { kind: 'drawn', parts, operations: parts.slice(1).map(() => rng.pick(operations)) }
        if (isFair(puzzle)) return puzzle
      }
    },
    ask,
    read: readBack(ask, prompt => {
      const puzzle = parse(prompt)
      if (puzzle === null || puzzle.operations.length !== puzzle.parts.length - 1) return null
      return puzzle.parts.every(isTame) && attempt(() => answerOf(puzzle)) ? puzzle : null
    }),
    verify: (puzzle, answer) =>
      puzzle.kind === 'drawn' ? judgeExact(answerOf(puzzle), answer) : judgeStored(puzzle.key, puzzle.problem, answer),
    solve: puzzle => (puzzle.kind === 'drawn' ? showSurd(answerOf(puzzle)) : puzzle.key.trim()),
    pythonData: puzzle =>
      puzzle.kind === 'drawn'
        ? {
            PARTS: puzzle.parts.map(({ family, numbers }) => [family, ...big(numbers)]),
            OPERATIONS: puzzle.operations,
          }
        : { PARTS: [], OPERATIONS: [] },
    nearMisses(puzzle, rng) {
      const misses = puzzle.kind === 'drawn' ? slips(puzzle, rng) : storedSlips(puzzle.key)
      return [...new Set(misses)].filter(text => this.verify(puzzle, text).verdict !== 'correct')
    },
    identity: puzzle =>
      puzzle.kind === 'drawn'
        ? [puzzle.parts.map(part => [part.family, orderless(part)]), puzzle.operations]
        : puzzle.problem,
    effort: puzzle =>
      puzzle.kind === 'drawn' ? puzzle.parts.reduce((sum, part) => sum + 6 + bits(part.numbers), 0) : 1,
    fromPublished(sample: PublishedSample) {
      const problem = publishedQuestion(sample.question)
      const key = sample.solution
      return problem && typeof key === 'string' && key.trim() !== '' ? { kind: 'stored', problem, key } : null
    },
    publishedKey: sample => (typeof sample.solution === 'string' ? sample.solution : null),
  })
}

/** The text, or nothing where the changed numbers make no sense. */
function safely(make: () => string): string[] {
  const text = attempt(make)
  return text === null ? [] : [text]
}

const storedSlips = (key: string) => [`${key}+1`, `2(${key})`, `-(${key})`, '0', '1', '-7', `\\frac{1}{${key}}`]
