import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { readBack } from '../_shared/answers.ts'
import { sentencesOf } from '../_shared/phrases.ts'
import { readYesNo, yesNo, yesNoFormat } from '../_shared/yes-no.ts'
import { type Rung, randomStory } from './generator.ts'
import { scenes } from './scenes.ts'
import { type Statement, shapeOf, truthOf } from './statements.ts'
import { askedOf, questionText, sentence, statementOf } from './words.ts'

/** Who tells the truth? `asked.lies`: the question is whether that person lies. */
interface WebOfLies {
  readonly scene: number
  readonly statements: readonly Statement[]
  readonly asked: { readonly who: string; readonly lies: boolean; readonly said: number }
}

const ladder: readonly (Rung & { readonly instances?: number })[] = [
  { people: [5, 6], pairs: 0.2, reach: 3, shuffled: false, instances: 24_000 },
  { people: [8, 9], pairs: 0.2, reach: 3, shuffled: false, asksLies: true, instances: 1_000_000 },
  { people: [12, 14], pairs: 0.1, reach: 4, shuffled: true, asksLies: true },
  { people: [20, 24], pairs: 0.2, reach: 4, shuffled: true, asksLies: true },
  { people: [35, 40], pairs: 0.3, reach: 5, shuffled: true, asksLies: true, more: 0.1 },
  { people: [60, 70], pairs: 0.3, reach: 6, shuffled: true, asksLies: true, hidden: true, more: 0.1 },
  { people: [110, 120], pairs: 0.4, reach: 8, shuffled: true, asksLies: true, hidden: true, more: 0.15 },
  { people: [190, 200], pairs: 0.4, reach: 8, shuffled: true, asksLies: true, hidden: true, more: 0.2 },
]

const rule =
  'Everybody mentioned either always tells the truth (and is called honest, a truth-teller, somebody to be believed) or always lies (a liar, dishonest, not to be believed); there is nothing in between. What a truth-teller says is true, what a liar says is false. A sentence that nobody is said to utter is a fact. Two people are of the same kind if both are truth-tellers or both are liars. Different people have different names.'

/** Yes or No; a puzzle that leaves the asked person open has no answer and cannot come from `generate` or the data. */
const isYes = ({ statements, asked }: WebOfLies): boolean => {
  const truthful = truthOf(statements, asked.who)
  if (truthful === null) throw new Error(`web-of-lies: the statements do not decide about ${asked.who}`)
  return truthful !== asked.lies
}

function ask({ scene, statements, asked }: WebOfLies): string {
  return [
    `${scenes[scene]} ${rule}`,
    `Statements: ${statements.map(sentence).join(' ')}`,
    `Question: ${questionText(asked)} ${yesNoFormat}`,
  ].join('\n')
}

function parse(prompt: string): WebOfLies | null {
  const scene = scenes.findIndex(opening => prompt.includes(`${opening} ${rule}`))
  const found = /^Statements: (.+)\nQuestion: ([^?\n]{1,60}\?) /m.exec(prompt)
  const asked = found && askedOf(found[2]!)
  if (scene < 0 || !asked) return null
  const sentences = sentencesOf(found[1]!)
  if (sentences.length > 1_000) return null
  const statements = sentences.map(statementOf)
  if (!statements.every(statement => statement !== null)) return null
  return truthOf(statements, asked.who) === null ? null : { scene, statements, asked }
}

/** The statements of a published question, all of single persons. */
function published(question: string): WebOfLies | null {
  const found = /Question: ([\s\S]*?\.) Does ([A-Z][A-Za-z'-]*) tell the truth\?/.exec(question)
  if (!found) return null
  const statements: Statement[] = []
  for (const text of found[1]!.split(/(?<=\.)\s+/)) {
    const parts = /^(?:([A-Z][A-Za-z'-]*) says )?([A-Z][A-Za-z'-]*) (tells the truth|lies)\.$/.exec(text)
    if (!parts) return null
    statements.push({ by: parts[1] ?? null, about: [parts[2]!], odd: parts[3] === 'lies', voice: 0, said: 0 })
  }
  if (truthOf(statements, found[2]!) === null) return null
  return { scene: 0, statements, asked: { who: found[2]!, lies: false, said: 0 } }
}

export default defineTask<WebOfLies>({
  slug: 'web-of-lies',
  title: 'Web of Lies',
  split: 'seen',
  version: 1,
  about: 'From who says what about whom, find out whether one person tells the truth.',
  levels: ladder.map(({ people, pairs, hidden, shuffled, instances }) => ({
    knob: [
      `${people[0]} to ${people[1]} people`,
      pairs > 0 ? 'claims about one or two' : 'a chain of claims',
      ...(shuffled ? ['shuffled'] : []),
      ...(hidden ? ['no kind told outright'] : []),
    ].join(', '),
    ...(instances ? { instances } : {}),
  })),
  generate: (rng, level) => ({ scene: rng.int(0, scenes.length - 1), ...randomStory(rng, ladder[level - 1]!) }),
  ask,
  read: readBack(ask, parse),
  verify(puzzle, answer) {
    const given = readYesNo(answer)
    if ('why' in given) return malformed(given.why)
    if (given.yes === isYes(puzzle)) return correct
    const { who, lies } = puzzle.asked
    return incorrect(`${who} ${isYes(puzzle) !== lies ? 'tells the truth' : 'lies'}`)
  },
  solve: puzzle => yesNo(isYes(puzzle)),
  pythonData: ({ statements, asked }) => ({
    STATEMENTS: statements.map(({ by, about, odd }) => ({
      by,
      about,
      says: about.length === 1 ? (odd ? 'lies' : 'truthful') : odd ? 'different' : 'same',
    })),
    ASKED: asked.who,
    ASKS_FOR_LIES: asked.lies,
  }),
  nearMisses: puzzle => [yesNo(!isYes(puzzle)), 'Yes and No', 'It cannot be decided'],
  identity: ({ statements, asked }) => shapeOf(statements, asked.who),
  effort: ({ statements }) => statements.length,
  show: ({ statements, asked }) =>
    [
      ...statements.map(({ by, about, odd }) => {
        const what = about.length === 1 ? (odd ? 'lies' : 'is truthful') : odd ? 'differ' : 'are alike'
        return `${by ?? 'fact'}: ${about.join(' and ')} ${what}`
      }),
      `asked: ${asked.who} ${asked.lies ? 'lies' : 'is truthful'}?`,
    ].join('\n'),
  fromPublished: sample => (typeof sample.question === 'string' ? published(sample.question) : null),
  publishedKey: sample => (typeof sample.solution === 'string' ? sample.solution : null),
})
