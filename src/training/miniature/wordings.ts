import { type PromptName, prompts } from '../../prompts/prompts.ts'
import type { Rng } from '../../util/rng.ts'

/** What the solver is told before a question, in our own prompts' words and in shorter ones. */
export const wordings = {
  code: [
    prompts['task-code'],
    prompts['task-code'],
    prompts['task-code'],
    'Write a Python program that solves this question and prints the answer between <<< and >>>.',
    'Use code. Print the final answer between <<< and >>>.',
    'Solve it with a complete Python program in one fenced block.',
    'Answer by a Python program.',
    'A program shall find the answer: put the data into it, compute, and print the result between <<< and >>>.',
  ],
  search: [
    'Write a Python program that really searches: state every constraint of the question as a test, go through the possibilities systematically with pruning, and confirm the result before printing it.',
    'Use code, but no shortcut: work the answer out exactly, with every constraint of the question in the program.',
    'Write a program with a real search or an exact computation, and check the result in the program before printing it between <<< and >>>.',
    prompts['rules-other-method'],
  ],
  text: [
    prompts['task-text'],
    prompts['task-text'],
    prompts['task-text'],
    'Reason in words, without code, and close with the answer between <<< and >>>.',
    'Think step by step, no program. Give the answer between <<< and >>>.',
    'Answer in words.',
  ],
} as const

/** Later guidance that asks for a better program; its places are filled by `followUp`. */
export const betterProgram: readonly PromptName[] = [
  'rules-need-search',
  'rules-need-search',
  'rules-wrong',
  'rules-wrong',
  'rules-other-method',
  'rules-no-answer-code',
  'rules-too-slow',
  'rules-fix-crash',
]

/** The sentence before a program, by what the program is. */
export const openings = {
  full: ['I state the constraints, work the answer out and test it before printing it.'],
  lazy: ['This can be computed directly.'],
  check: ['I test the answer by a program.'],
  text: [
    'I take the data from the question and go through the rules one after the other.',
    'Going through it step by step, I find this.',
  ],
} as const

/** Other words for common ones of the questions, which leave the meaning and all data as they are. */
const synonyms: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /Give the final answer once, between <<< and >>>\./g,
    ['Put the answer between <<< and >>>.', 'Answer between <<< and >>>.'],
  ],
  [/ The form, shown on another question: /g, [' For another question the answer would look like this: ', ' Form: ']],
  [/\bFind\b/g, ['Determine', 'Look for']],
  [/\bWrite\b/g, ['Give', 'State']],
  [/\bWhat is\b/g, ['Tell me', 'Say what is']],
  [/\bone after the other\b/g, ['in turn', 'in sequence']],
  [/\bexactly\b/g, ['precisely']],
  [/\bare counted from\b/g, ['start at', 'are numbered from']],
  [/\bas follows\b/g, ['like this', 'as given here']],
]

/** The question in slightly other words. The choice among them is drawn. */
export function reworded(question: string, rng: Rng): string {
  return synonyms.reduce(
    (text, [pattern, others]) => (rng.chance(0.6) ? text.replace(pattern, rng.pick(others)) : text),
    question,
  )
}
