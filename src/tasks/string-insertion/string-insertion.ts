import { defineTask, type PublishedSample } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { judgeString, slips } from '../_shared/one-string.ts'
import { allRounds, firstOnly, type InsertionRule, inFront, ruleAfterRule, withoutOverlaps } from './insert.ts'

/** Insert a letter behind every occurrence of each pattern, all at once, for a number of rounds. */
interface StringInsertion {
  readonly text: string
  readonly rules: readonly InsertionRule[]
  readonly rounds: number
}

interface Rung {
  readonly letters: number
  readonly pattern: number
  /** Null: the five published patterns, runs of four in the cycle A B C D E. */
  readonly rules: number | null
  readonly length: readonly [from: number, to: number]
  readonly rounds: number
  /** Occurrences planted, in an easy rung exactly as many as there are. */
  readonly planted: number
}

const ladder: readonly Rung[] = [
  { letters: 5, pattern: 4, rules: null, length: [14, 18], rounds: 1, planted: 3 },
  { letters: 5, pattern: 4, rules: null, length: [26, 40], rounds: 1, planted: 6 },
  { letters: 4, pattern: 3, rules: 6, length: [45, 60], rounds: 1, planted: 8 },
  { letters: 4, pattern: 3, rules: 6, length: [60, 80], rounds: 2, planted: 8 },
  { letters: 5, pattern: 3, rules: 9, length: [120, 160], rounds: 3, planted: 12 },
  { letters: 6, pattern: 4, rules: 12, length: [400, 500], rounds: 4, planted: 60 },
  { letters: 6, pattern: 4, rules: 16, length: [1_000, 1_300], rounds: 5, planted: 160 },
]

const cycle: readonly InsertionRule[] = [...'ABCDE'].map((insert, i) => ({
  after: 'ABCDEABC'.slice(i, i + 4),
  insert,
}))

function drawRules({ letters, pattern, rules }: Rung, rng: Rng): readonly InsertionRule[] {
  if (rules === null) return rng.shuffle(cycle)
  const alphabet = [...'ABCDEFGH'.slice(0, letters)]
  const patterns = new Set<string>()
  while (patterns.size < rules) patterns.add(Array.from({ length: pattern }, () => rng.pick(alphabet)).join(''))
  return [...patterns].map(after => ({ after, insert: rng.pick(alphabet) }))
}

/** Patterns, sometimes one run into the next, with other letters between them. */
function drawText({ letters, length, planted }: Rung, rules: readonly InsertionRule[], rng: Rng): string {
  const alphabet = [...'ABCDEFGH'.slice(0, letters)]
  const size = rng.int(length[0], length[1])
  const chance = planted / (size - planted * (rules[0]!.after.length - 1))
  let text = ''
  while (text.length < size) {
    const pattern = rng.chance(chance) ? rng.pick(rules).after : null
    const lap = pattern !== null && rng.chance(0.3) ? pattern.length - 1 : 0
    text += pattern === null ? rng.pick(alphabet) : pattern.slice(text.endsWith(pattern.slice(0, lap)) ? lap : 0)
  }
  return text.slice(0, size)
}

const insertedIn = (states: readonly string[]) => states.slice(1).map((state, i) => state.length - states[i]!.length)

/** Three occurrences without overlap at the first rung, as published; at others every round counts and so does the reading. */
function fits(puzzle: StringInsertion, { planted }: Rung, level: number): boolean {
  const { text, rules, rounds } = puzzle
  const states = allRounds(text, rules, rounds)
  const inserted = insertedIn(states)
  const right = states.at(-1)!
  if (level === 1) return inserted[0] === planted && withoutOverlaps(text, rules, 1) === right
  if (inserted.some(count => count < planted / 2)) return false
  if (right.length > text.length * 3) return false
  return ![ruleAfterRule, withoutOverlaps, firstOnly].some(other => other(text, rules, rounds) === right)
}

const ask = ({ text, rules, rounds }: StringInsertion): string => {
  const much = rounds === 1 ? 'one round' : `${rounds} rounds`
  return [
    `A string of capital letters grows by insertions. What does it look like after ${much}?`,
    ...rules.map(({ after, insert }, i) => `Rule ${i + 1}: behind ${after} insert ${insert}`),
    `String: ${text}`,
    'A round goes like this. Take the string as it stands at the beginning of the round and find every place where the pattern of one of the rules occurs in it as consecutive letters. All occurrences count: also several of the same pattern, and also occurrences that overlap each other. Then make all insertions at once: directly behind the last letter of each occurrence, the one letter of its rule. Letters inserted in a round therefore neither create nor destroy an occurrence in that same round.',
    rounds === 1
      ? 'Only one round is done.'
      : `Do exactly ${rounds} rounds; each begins with the whole string that the round before it left.`,
    answerFormat('Write the whole resulting string in capital letters, without blanks between them.', 'XYZZY'),
  ].join('\n')
}

/** A round at most doubles the string: questions that could outgrow this are none of ours. */
const longest = 200_000

const head = /A string of capital letters grows by insertions\. What does it look like after (one|\d{1,3}) rounds?\?\n/

function parse(prompt: string): StringInsertion | null {
  const found = head.exec(prompt)
  if (!found) return null
  const lines = prompt.slice(found.index + found[0].length).split('\n', 100)
  const rules: InsertionRule[] = []
  for (const line of lines) {
    const rule = /^Rule \d{1,3}: behind ([A-Z]{1,20}) insert ([A-Z])$/.exec(line)
    if (!rule) break
    rules.push({ after: rule[1]!, insert: rule[2]! })
  }
  const text = /^String: ([A-Z]+)$/.exec(lines[rules.length] ?? '')
  const rounds = found[1] === 'one' ? 1 : Number(found[1])
  const length = rules[0]?.after.length
  if (!text || rounds < 1 || rules.some(({ after }) => after.length !== length)) return null
  if (rules.length === 0 || text[1]!.length * 2 ** rounds > longest) return null
  return { text: text[1]!, rules, rounds }
}

const solve = ({ text, rules, rounds }: StringInsertion): string => allRounds(text, rules, rounds).at(-1)!

/** Letters renamed in the order of their first appearance in the string; rules in any order. */
function identity({ text, rules, rounds }: StringInsertion): unknown {
  const order = [...new Set(text + rules.map(({ after, insert }) => after + insert).join(''))]
  const names = new Map(order.map((letter, i) => [letter, String.fromCharCode(97 + i)]))
  const renamed = (word: string) => [...word].map(letter => names.get(letter)).join('')
  return [renamed(text), rules.map(({ after, insert }) => `${renamed(after)} ${renamed(insert)}`).sort(), rounds]
}

function fromPublished({ question, solution }: PublishedSample): StringInsertion | null {
  const stored = (solution as { readonly original_string?: unknown } | null)?.original_string
  const said = typeof question === 'string' ? question.slice(0, 10_000) : ''
  const text = /Given the string ([A-Z]+),/.exec(said)?.[1] ?? (typeof stored === 'string' ? stored : null)
  if (text === null || !/^[A-Z]+$/.test(text)) return null
  const found = said.matchAll(/substring ([A-Z]{1,20}) in the string, insert the character ([A-Z]) after/g)
  const rules = [...found].map(rule => ({ after: rule[1]!, insert: rule[2]! }))
  if (rules.some(({ after }) => after.length !== rules[0]!.after.length)) return null
  return { text, rules: rules.length > 0 ? rules : cycle, rounds: 1 }
}

export default defineTask<StringInsertion>({
  slug: 'string-insertion',
  title: 'String Insertion',
  split: 'seen',
  version: 1,
  about: 'Insert a letter behind every occurrence of some patterns in a string, all at once, for one or more rounds.',
  levels: ladder.map(({ letters, rules, length, rounds, planted }, i) => ({
    knob: `${length[0]} to ${length[1]} of ${letters} letters, ${rules ?? cycle.length} rules, ${i === 0 ? planted : `about ${planted}`} occurrences, ${rounds === 1 ? '1 round' : `${rounds} rounds`}`,
    ...(i === 0 ? { instances: 28_000 } : {}),
  })),
  generate(rng, level) {
    const rung = ladder[level - 1]!
    for (;;) {
      const rules = drawRules(rung, rng)
      const puzzle = { text: drawText(rung, rules, rng), rules, rounds: rung.rounds }
      if (fits(puzzle, rung, level)) return puzzle
    }
  },
  ask,
  read: readBack(ask, parse),
  verify: (puzzle, answer) => judgeString(solve(puzzle), answer),
  solve,
  pythonData: ({ text, rules, rounds }) => ({
    TEXT: text,
    RULES: Object.fromEntries(rules.map(({ after, insert }) => [after, insert])),
    ROUNDS: rounds,
  }),
  nearMisses(puzzle, rng) {
    const { text, rules, rounds } = puzzle
    const right = solve(puzzle)
    return onlyWrong(
      answer => judgeString(right, answer),
      [
        firstOnly(text, rules, rounds),
        ruleAfterRule(text, rules, rounds),
        withoutOverlaps(text, rules, rounds),
        solve({ ...puzzle, rounds: rounds + 1 }),
        solve({ ...puzzle, rounds: rounds - 1 }),
        solve({ ...puzzle, rules: rules.slice(1) }),
        inFront(text, rules),
        text,
        ...slips(right, rng),
      ],
    )
  },
  identity,
  effort: ({ text, rules, rounds }) =>
    allRounds(text, rules, rounds - 1).reduce((windows, state) => windows + state.length, 0),
  show({ text, rules, rounds }) {
    const patterns = rules.map(({ after, insert }) => `${after} -> ${after}${insert}`)
    return [`${rounds} round(s) of`, ...patterns, '', ...(text.match(/.{1,80}/g) ?? [])].join('\n')
  },
  fromPublished,
  publishedKey(sample) {
    const key = (sample.solution as { readonly modified_string?: unknown } | null)?.modified_string
    return typeof key === 'string' ? key : null
  },
})
