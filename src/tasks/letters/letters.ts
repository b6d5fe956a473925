import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, bare, quote, readBack } from '../_shared/answers.ts'

/** Count a letter in a word and give its positions, from 1. */
interface Letters {
  readonly word: string
  readonly letter: string
}

/** Word length, then occurrences of the letter, both as ranges. */
const ladder = [
  { length: [6, 10], count: [1, 2] },
  { length: [15, 20], count: [2, 4] },
  { length: [25, 30], count: [4, 6] },
  { length: [50, 100], count: [10, 20] },
  { length: [150, 200], count: [25, 50] },
  { length: [350, 400], count: [50, 100] },
  { length: [750, 800], count: [100, 200] },
  { length: [2_000, 2_500], count: [200, 500] },
] as const

const alphabet = 'abcdefghijklmnopqrstuvwxyz'
const vowels = 'aeiou'
const consonants = 'bcdfghjklmnpqrstvwxyz'

/** Other letters in a pronounceable order, so that the word reads like one and not like noise. */
function filler(rng: Rng, length: number, without: string): string[] {
  const [v, c] = [[...vowels].filter(x => x !== without), [...consonants].filter(x => x !== without)]
  let vowelNext = rng.chance(0.5)
  return Array.from({ length }, () => {
    const letter = rng.pick(vowelNext ? v : c)
    vowelNext = rng.chance(0.8) ? !vowelNext : vowelNext
    return letter
  })
}

function positionsOf({ word, letter }: Letters): number[] {
  return [...word].flatMap((x, i) => (x === letter ? [i + 1] : []))
}

/** Words of 58 letters and more hold ten of the letter at least, so the question's example (two, at 41 and 58) is never the answer. */
const example = 'Count: 2, Positions: [41, 58]'

const format = (positions: readonly number[]) => `Count: ${positions.length}, Positions: [${positions.join(', ')}]`

function ask({ word, letter }: Letters): string {
  return [
    `How often does the letter "${letter}" occur in the following word, and where?`,
    `Word: ${word}`,
    'Positions are counted from 1 at the first letter of the word. List every position at which the letter stands, in any order.',
    answerFormat('State the count and the list of positions.', example),
  ].join('\n')
}

export default defineTask<Letters>({
  slug: 'letters',
  title: 'Letters',
  split: 'unseen',
  version: 1,
  about: 'Count a letter in a word and list its positions.',
  levels: ladder.map(({ length, count }) => ({
    knob: `${length[0]} to ${length[1]} letters, ${count[0]} to ${count[1]} occurrences`,
  })),
  generate(rng, level) {
    const { length, count } = ladder[level - 1]!
    const letter = rng.pick([...alphabet])
    const size = rng.int(length[0], length[1])
    const letters = filler(rng, size, letter)
    for (const at of rng.sample([...letters.keys()], rng.int(count[0], count[1]))) letters[at] = letter
    return { word: letters.join(''), letter }
  },
  ask,
  read: readBack(ask, prompt => {
    const found = /the letter "([a-z])" occur in the following word, and where\?\nWord: ([a-z]+)\n/.exec(prompt)
    return found ? { letter: found[1]!, word: found[2]! } : null
  }),
  verify(puzzle, answer) {
    const text = bare(answer)
    const pairs = [...text.matchAll(/count\s*:\s*(\d+)\s*,?\s*positions\s*:\s*\[([^\]]*)\]/gi)]
    if (pairs.length !== 1) {
      return malformed(
        pairs.length === 0
          ? `no "Count: X, Positions: [...]" in ${quote(text)}`
          : `${pairs.length} different "Count … Positions" pairs: which one is meant?`,
      )
    }
    const [, count, list] = pairs[0]!
    const entries = list!.trim() === '' ? [] : list!.split(',').map(entry => entry.trim())
    const bad = entries.find(entry => !/^[0-9]{1,9}$/.test(entry))
    if (bad !== undefined) return malformed(`${quote(bad)} in the list is not a whole number`)
    const given = entries.map(Number)
    if (new Set(given).size !== given.length) return incorrect('a position is listed twice')
    if (BigInt(count!) !== BigInt(given.length)) {
      return incorrect(`the count says ${quote(count!)} but ${given.length} positions are listed`)
    }
    const truth = positionsOf(puzzle)
    const right = new Set(truth)
    const extra = given.find(at => !right.has(at))
    if (extra !== undefined) {
      return incorrect(
        `position ${extra} holds ${puzzle.word[extra - 1] ? `"${puzzle.word[extra - 1]}"` : 'nothing'}, not "${puzzle.letter}"`,
      )
    }
    if (given.length < truth.length) {
      const missed = truth.find(at => !given.includes(at))
      return incorrect(`"${puzzle.letter}" also stands at position ${missed}`)
    }
    return correct
  },
  solve: puzzle => format(positionsOf(puzzle)),
  pythonData: ({ word, letter }) => ({ WORD: word, LETTER: letter }),
  nearMisses(puzzle, rng) {
    const right = positionsOf(puzzle)
    const dropped = right.filter((_, i) => i !== rng.int(0, right.length - 1))
    const shifted = right.map(at => at - 1)
    const other = [...puzzle.word].findIndex(letter => letter !== puzzle.letter) + 1
    return [
      format(right.slice(0, -1)),
      format(shifted),
      format([...right, other].sort((a, b) => a - b)),
      format(dropped),
    ].filter(text => text !== format(right))
  },
  effort: ({ word }) => word.length,
  show: ({ word, letter }) =>
    (word.match(/.{1,60}/g) ?? [])
      .map(row => `${row}\n${row.replace(/./g, x => (x === letter ? '^' : ' '))}`)
      .join('\n'),
  fromPublished(sample) {
    const [word, letter] = [sample.solution, sample.letter]
    return typeof word === 'string' && typeof letter === 'string' ? { word, letter } : null
  },
})
