import type { Rng } from '../../util/rng.ts'
import type { Lesson, LessonMessage } from './lesson.ts'

/**
 * Exercises that come before the lessons: data in the form of a question, answered by the same data as Python literals.
 * A small network learns slowly to copy what stands in its question, and nothing else that it writes is of use before it
 * can; in these every learned token is a copy, and they are short. Without them a model of a million parameters had not
 * begun to copy after 1.7 million tokens of lessons (docs/log.md).
 */
export interface Exercise {
  readonly kind: 'primer'
  readonly messages: readonly LessonMessage[]
}

const exercise = (asked: string, answer: string): Exercise => ({
  kind: 'primer',
  messages: [
    { role: 'user', content: asked },
    { role: 'assistant', content: answer },
  ],
})

/** A lesson's question without its sentences, answered by the literals of its program; null for a lesson without a program. */
export function dataExercise({ messages }: Lesson): Exercise | null {
  const literals = (messages.at(-1)?.content ?? '').split('\n').filter(line => /^[A-Z_]+ = /.test(line))
  const question = messages[0]?.content.split('Question:\n').at(-1) ?? ''
  const data = question.split('\n').filter(line => line.length < 160 && line.split('.').length < 4)
  return literals.length === 0 || data.length === 0 ? null : exercise(data.join('\n'), literals.join('\n'))
}

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Letters or numbers drawn at random, in the forms that questions and programs have them. */
export function copyExercise(rng: Rng): Exercise {
  const length = rng.int(2, 10)
  const form = rng.real()
  if (form < 0.35) {
    const letters = alphabet.slice(0, rng.pick([5, 8, 26]))
    const word = Array.from({ length: length + 4 }, () => rng.pick(letters)).join('')
    return rng.chance(0.5)
      ? exercise(`Hand: ${word}`, `HAND = "${word}"`)
      : exercise(`String: ${word}`, `TEXT = "${word}"`)
  }
  const between = rng.pick([' ', ', '])
  if (form < 0.6) {
    const letters = Array.from({ length }, () => rng.pick(alphabet))
    return exercise(letters.join(between), `[${letters.map(letter => `"${letter}"`).join(',')}]`)
  }
  const [least, most] = [rng.chance(0.3) ? -20 : 0, rng.pick([9, 30, 99, 999])]
  const numbers = Array.from({ length }, () => rng.int(least, most))
  return exercise(`${rng.pick(['Numbers: ', ''])}${numbers.join(between)}`, `[${numbers.join(',')}]`)
}
