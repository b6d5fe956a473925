import { capital, phrase, phraseReader } from '../_shared/phrases.ts'
import type { Statement } from './statements.ts'

/** Paraphrases of what is said, by number of persons and `odd`. */
const propositions = {
  truthful: [
    ...['{a} tells the truth', '{a} is honest', '{a} is a truth-teller', '{a} never lies'],
    ...['{a} always tells the truth', '{a} can be believed'],
  ],
  lying: [
    ...['{a} lies', '{a} is a liar', '{a} is dishonest', '{a} never tells the truth', '{a} always lies'],
    '{a} cannot be believed',
  ],
  alike: [
    ...['{a} and {b} are of the same kind', 'either both {a} and {b} lie or neither of them does'],
    ...['{a} is a liar if and only if {b} is one', '{a} is just what {b} is, be it honest or a liar'],
  ],
  different: [
    ...['exactly one of {a} and {b} lies', '{a} and {b} are of different kinds'],
    ...['either {a} or {b} lies, but not both', 'of {a} and {b} one is honest and the other is a liar'],
  ],
} as const

/** Who says it; the first form without "that" comes after those with it, so that a sentence has one reading. */
const voices = [
  ...['{by} says that {p}.', '{by} claims that {p}.', '{by} insists that {p}.', '{by} is sure that {p}.'],
  ...['{by} told the others that {p}.', 'according to {by}, {p}.', '{by} says {p}.', '{p}, says {by}.'],
  ...['ask {by} and you hear that {p}.', 'in the words of {by}, {p}.'],
] as const

/** The question, asked for truth or for lies. */
const questions = {
  truth: ['does {a} tell the truth?', 'is {a} honest?', 'is {a} a truth-teller?'],
  lies: ['does {a} lie?', 'is {a} a liar?', 'is {a} dishonest?'],
} as const

export const paraphrases = { voices: voices.length, one: 6, two: 4, questions: 3 } as const

type Family = keyof typeof propositions

const familyOf = ({ about, odd }: Pick<Statement, 'about' | 'odd'>): Family =>
  about.length === 1 ? (odd ? 'lying' : 'truthful') : odd ? 'different' : 'alike'

export function sentence(statement: Statement): string {
  const [a, b] = statement.about
  const template = propositions[familyOf(statement)][statement.said]!
  const p = template.replace('{a}', a!).replace('{b}', b ?? '')
  if (statement.by === null) return `${capital(p)}.`
  return phrase(voices[statement.voice]!, { by: statement.by, p })
}

export const questionText = (asked: { who: string; lies: boolean; said: number }): string =>
  phrase(questions[asked.lies ? 'lies' : 'truth'][asked.said]!, { a: asked.who })

const name = '[A-Z][a-z]{1,20}'
const readers = (Object.keys(propositions) as Family[]).map(
  family => [family, phraseReader(propositions[family], { a: name, b: name })] as const,
)
const readVoice = phraseReader(voices, { by: name, p: '(?!that )[A-Za-z, -]{1,200}' })
const readQuestion = {
  truth: phraseReader(questions.truth, { a: name }),
  lies: phraseReader(questions.lies, { a: name }),
}

function propositionOf(text: string): Pick<Statement, 'about' | 'odd' | 'said'> | null {
  for (const [family, read] of readers) {
    const found = read(capital(text))
    if (!found) continue
    const { a, b } = found.slots
    return {
      about: b === undefined ? [a!] : [a!, b],
      odd: family === 'lying' || family === 'different',
      said: found.said,
    }
  }
  return null
}

/** The statement that a sentence makes, or null when it is none of ours. */
export function statementOf(text: string): Statement | null {
  if (!text.endsWith('.')) return null
  const fact = propositionOf(text.slice(0, -1))
  if (fact) return { by: null, voice: 0, ...fact }
  const spoken = readVoice(text)
  const claim = spoken && propositionOf(spoken.slots.p!)
  return spoken && claim ? { by: spoken.slots.by!, voice: spoken.said, ...claim } : null
}

/** Who is asked about, from the question's sentence. */
export function askedOf(text: string): { who: string; lies: boolean; said: number } | null {
  for (const kind of ['truth', 'lies'] as const) {
    const found = readQuestion[kind](text)
    if (found) return { who: found.slots.a!, lies: kind === 'lies', said: found.said }
  }
  return null
}
