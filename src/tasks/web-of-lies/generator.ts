import type { Rng } from '../../util/rng.ts'
import { firstNames } from '../_shared/names.ts'
import type { Statement } from './statements.ts'
import { paraphrases } from './words.ts'

export interface Rung {
  readonly people: readonly [number, number]
  /** Share of statements about two persons. */
  readonly pairs: number
  /** How far back a person may speak of: 1 is a chain. */
  readonly reach: number
  readonly shuffled: boolean
  /** Nobody's kind is told outright: it follows from what somebody says about himself and another. */
  readonly hidden?: boolean
  /** Further, consistent claims, as a share of the people. */
  readonly more?: number
  readonly asksLies?: boolean
}

export interface Story {
  readonly statements: Statement[]
  readonly asked: { readonly who: string; readonly lies: boolean; readonly said: number }
}

type Bare = Pick<Statement, 'by' | 'about' | 'odd'>

/** What a definition leaves of the first person named: its speaker, or for the narrator's facts whom they are about. */
interface Definition {
  readonly from: readonly number[]
  readonly statement: (odd: boolean) => Bare
  readonly odd: boolean
}

/** Person `i` of the list, defined by one or two earlier ones: by a claim of theirs or by a fact of the narrator. */
function definition(rng: Rng, people: readonly string[], i: number, { pairs, reach }: Rung): Definition {
  const near = people.map((_, k) => k).slice(Math.max(0, i - reach), i)
  const odd = rng.chance(0.5)
  if (near.length >= 2 && rng.chance(pairs)) {
    const from = rng.sample(near, 2)
    return { from, odd, statement: o => ({ by: people[i]!, about: from.map(k => people[k]!), odd: o }) }
  }
  const from = [rng.pick(near)]
  const other = people[from[0]!]!
  if (rng.chance(pairs / 3)) {
    const about = rng.shuffle([people[i]!, other])
    return { from, odd, statement: o => ({ by: null, about, odd: o }) }
  }
  return { from, odd, statement: o => ({ by: people[i]!, about: [other], odd: o }) }
}

/** Whether a proposition holds, given who is truthful. */
function holds(truthful: ReadonlyMap<string, boolean>, { about, odd }: Pick<Statement, 'about' | 'odd'>): boolean {
  const [a, b] = about.map(person => truthful.get(person)!)
  return b === undefined ? a !== odd : (a !== b) === odd
}

/** Everybody's kind follows step by step from the first person's; the answer is Yes as often as No. */
export function randomStory(rng: Rng, rung: Rung): Story {
  const people = rng.sample(firstNames, rng.int(...rung.people))
  const rootLies = rng.chance(0.5)
  const definitions = people.map((_, i) => (i === 0 ? null : definition(rng, people, i, rung)))
  const needs = closures(definitions)
  // Asked is one of those that depend on most others.
  const byDepth = people.map((_, i) => i).sort((a, b) => needs[b]!.size - needs[a]!.size || b - a)
  const asked = rung.reach === 1 ? people.length - 1 : rng.pick(byDepth.slice(0, 2))
  const lies = rung.asksLies === true && rng.chance(0.4)
  const wanted = rng.chance(0.5)

  const build = (flip: boolean) => {
    const truthful = new Map([[people[0]!, !rootLies]])
    const statements = definitions.flatMap((d, i) => {
      if (d === null) return []
      const statement = d.statement(i === asked && flip ? !d.odd : d.odd)
      const others = statement.about.filter(person => person !== people[i])
      // A fact about two: the second follows from the first; a claim: the speaker is as true as what is claimed.
      const value = statement.by === null ? truthful.get(others[0]!)! !== statement.odd : holds(truthful, statement)
      truthful.set(people[i]!, value)
      return [statement]
    })
    return { truthful, statements }
  }
  let story = build(false)
  if (story.truthful.get(people[asked]!) !== wanted) story = build(true)
  const { truthful } = story
  const root: Bare = rung.hidden ? hiddenRoot(rng, people, rootLies) : { by: null, about: [people[0]!], odd: rootLies }
  const extras = Array.from({ length: Math.round((rung.more ?? 0) * people.length) }, () =>
    consistent(rng, people, truthful),
  )
  const all = [root, ...story.statements, ...extras]
  return {
    statements: (rung.shuffled ? rng.shuffle(all) : all).map(statement => worded(rng, statement)),
    asked: { who: people[asked]!, lies, said: rng.int(0, paraphrases.questions - 1) },
  }
}

/** The persons on whom each depends. */
function closures(definitions: readonly (Definition | null)[]): Set<number>[] {
  const needs: Set<number>[] = []
  for (const d of definitions) {
    const own = new Set<number>(d?.from ?? [])
    for (const k of d?.from ?? []) for (const further of needs[k]!) own.add(further)
    needs.push(own)
  }
  return needs
}

/** "Exactly one of X and me lies", said by anybody, makes X a liar, whoever says it; "we are of the same kind" makes X truthful. */
function hiddenRoot(rng: Rng, people: readonly string[], rootLies: boolean): Bare {
  const speaker = rng.pick(people.slice(Math.ceil(people.length / 2)))
  return { by: speaker, about: rng.shuffle([speaker, people[0]!]), odd: rootLies }
}

/** A further claim that fits what everybody is. */
function consistent(rng: Rng, people: readonly string[], truthful: ReadonlyMap<string, boolean>): Bare {
  const [by, ...about] = rng.sample(people, rng.chance(0.5) ? 3 : 2)
  const odd = holds(truthful, { about, odd: true }) === truthful.get(by!)
  return { by: by!, about, odd }
}

function worded(rng: Rng, statement: Bare): Statement {
  const said = rng.int(0, (statement.about.length === 1 ? paraphrases.one : paraphrases.two) - 1)
  return { ...statement, voice: statement.by === null ? 0 : rng.int(0, paraphrases.voices - 1), said }
}
