import { defineTask } from '../../task.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { judgeString, slips } from '../_shared/one-string.ts'
import { generateRewriting, type Rewriting, type Rung } from './generator.ts'
import { publishedRewriting } from './published.ts'
import { applied, exhausting, onePass, type Rule, rewrite, roundRobin, type Step } from './rewrite.ts'
import { tellRule, untellRule } from './words.ts'

const ladder: readonly Rung[] = [
  { letters: 'abc', rules: 6, length: [8, 12], steps: [3, 5] },
  { letters: 'abc', rules: 6, length: [12, 20], steps: [6, 10] },
  { letters: 'abc', rules: 8, length: [20, 28], steps: [12, 22] },
  { letters: 'abc', rules: 10, length: [36, 48], steps: [26, 50] },
  { letters: 'abc', rules: 12, length: [60, 80], steps: [55, 100] },
  { letters: 'abc', rules: 13, length: [80, 100], steps: [85, 150] },
  { letters: 'abc', rules: 14, length: [110, 140], steps: [130, 280] },
]

/** A run of a puzzle from elsewhere is given up after this many steps; drawn puzzles end long before. */
const patience = 20_000

const run = ({ text, rules }: Rewriting): Step[] | null => rewrite(text, rules, patience, text.length * 4 + 400)

function stepsOf(puzzle: Rewriting): Step[] {
  const steps = run(puzzle)
  if (steps === null) throw new Error(`string-deletion-and-modification: the rewriting of ${puzzle.text} does not end`)
  return steps
}

const final = ({ text }: Rewriting, steps: readonly Step[]): string => steps.at(-1)?.text ?? text

const ask = ({ text, rules }: Rewriting): string =>
  [
    'A string is rewritten by a list of rules until none of them applies any more. What is the string then?',
    ...rules.map((rule, i) => `Rule ${i + 1}: ${tellRule(rule)}.`),
    `String: ${text}`,
    'In every step, go through the list from rule 1 downwards, take the first rule whose condition holds for the string as it is now, and apply it exactly once. Then begin the next step at rule 1 again, whichever rule it was. Stop when no rule applies.',
    'Leftmost means the occurrence that begins nearest to the start of the string. Everything that a rule does happens in the order in which it is told; what stands elsewhere in the string stays as it is. The middle letter of a string of n letters is the one at index floor(n/2), counted from 0 (of 16 letters the ninth, of 17 letters the ninth).',
    answerFormat('Write the final string in double quotes.', '"xyyx"'),
  ].join('\n')

function parse(prompt: string): Rewriting | null {
  const from = prompt.indexOf('A string is rewritten by a list of rules until')
  if (from < 0) return null
  const lines = prompt.slice(from).split('\n', 200).slice(1)
  const rules: Rule[] = []
  for (const line of lines) {
    const told = /^Rule \d{1,3}: (.*)\.$/.exec(line)
    const rule = told && untellRule(told[1]!)
    if (!rule) break
    rules.push(rule)
  }
  const text = /^String: ([a-z]+)$/.exec(lines[rules.length] ?? '')
  return text && rules.length > 0 ? { text: text[1]!, rules } : null
}

/** Letters renamed in the order of their first appearance. */
function identity({ text, rules }: Rewriting): unknown {
  const names = new Map<string, string>()
  const renamed = (word: string) =>
    [...word]
      .map(letter => {
        if (!names.has(letter)) names.set(letter, String.fromCharCode(97 + names.size))
        return names.get(letter)
      })
      .join('')
  const first = renamed(text)
  const others = rules.map(rule => {
    if (rule.kind === 'longer') return rule
    if (rule.kind === 'even') return { ...rule, letter: renamed(rule.letter), back: renamed(rule.back) }
    const { what, put, front, back } = rule
    return { ...rule, what: renamed(what), put: renamed(put), front: renamed(front), back: renamed(back) }
  })
  return [first, others]
}

export default defineTask<Rewriting>({
  slug: 'string-deletion-and-modification',
  title: 'String Deletion And Modification',
  split: 'seen',
  version: 1,
  about: 'Rewrite a string by an ordered list of rules, always the first that applies, until none does.',
  levels: ladder.map(({ letters, rules, length, steps }) => ({
    knob: `${rules} rules, ${length[0]} to ${length[1]} of ${letters.length} letters, ${steps[0]} to ${steps[1]} steps`,
  })),
  generate: (rng, level) => generateRewriting(rng, ladder[level - 1]!, level),
  ask,
  read: readBack(ask, parse),
  verify(puzzle, answer) {
    const steps = run(puzzle)
    if (steps === null) return { verdict: 'unscored', why: 'the rewriting of this string does not end' }
    return judgeString(final(puzzle, steps), answer)
  },
  solve: puzzle => `"${final(puzzle, stepsOf(puzzle))}"`,
  pythonData: ({ text, rules }) => ({ TEXT: text, RULES: rules.map(rule => ({ ...rule })) }),
  nearMisses(puzzle, rng) {
    const { text, rules } = puzzle
    const steps = stepsOf(puzzle)
    const right = final(puzzle, steps)
    const limit = steps.length * 3 + 100
    const states = [text, ...steps.map(step => step.text)]
    const without = rewrite(text, rules.slice(1), limit, text.length * 4)
    return onlyWrong(
      answer => judgeString(right, answer),
      [
        roundRobin(text, rules, limit) ?? states.at(-2)!,
        exhausting(text, rules, limit) ?? states.at(-2)!,
        onePass(text, rules),
        states.at(-2) ?? text,
        without?.at(-1)?.text ?? text,
        applied(right, { kind: 'longer', limit: 0 })!,
        states.at(-3) ?? text,
        ...slips(right, rng),
        text,
      ].map(state => `"${state}"`),
    )
  },
  identity,
  effort: puzzle => stepsOf(puzzle).length,
  show({ text, rules }) {
    return [...(text.match(/.{1,80}/g) ?? []), '', ...rules.map((rule, i) => `${i + 1}. ${tellRule(rule)}`)].join('\n')
  },
  fromPublished: publishedRewriting,
  publishedKey(sample) {
    const key = (sample.solution as { readonly final_string?: unknown } | null)?.final_string
    return typeof key === 'string' ? `"${key}"` : null
  },
})
