import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import { type Statement, shapeOf, truthOf } from './statements.ts'
import task from './web-of-lies.ts'
import { sentence, statementOf } from './words.ts'

const says = (by: string | null, about: string[], odd: boolean): Statement => ({ by, about, odd, voice: 0, said: 0 })

describe('web-of-lies', () => {
  it('judges the worked example', () => {
    const question = 'Question: Mia lies. Tom says Mia lies. Ada says Tom lies. Does Ada tell the truth?'
    const puzzle = task.fromPublished({ task: '', sample: '', question, solution: 'No' } as PublishedSample)!
    expect(task.solve(puzzle)).toBe('No')
    expect(task.verify(puzzle, 'No, Ada lies.').verdict).toBe('correct')
    expect(task.verify(puzzle, 'No, Ada tells the truth.').verdict).not.toBe('correct')
    expect(task.verify(puzzle, 'Incorrect').verdict).not.toBe('correct')
  })

  it('decides by what somebody says of himself', () => {
    expect(truthOf([says('Sam', ['Sam', 'Ann'], true)], 'Ann')).toBe(false)
    expect(truthOf([says('Sam', ['Sam', 'Ann'], false)], 'Ann')).toBe(true)
    expect(truthOf([says('Sam', ['Sam', 'Ann'], true)], 'Sam')).toBeNull()
  })

  it('agrees with trying all kinds', () => {
    for (const level of [1, 2]) {
      for (let seed = 0; seed < 15; seed++) {
        const { statements, asked } = draw(task, level, seed).puzzle
        expect(truthOf(statements, asked.who)).toBe(byTrial(statements, asked.who))
      }
    }
  })

  it('reads every paraphrase back', () => {
    for (const about of [['Ann'], ['Ann', 'Bob']]) {
      for (const odd of [true, false]) {
        for (let said = 0; said < (about.length === 1 ? 6 : 4); said++) {
          for (let voice = 0; voice < 10; voice++) {
            const statement = { by: 'Cleo', about, odd, voice, said }
            expect(statementOf(sentence(statement)), sentence(statement)).toEqual(statement)
          }
        }
      }
    }
  })

  it('knows renamed and reordered stories as the same', () => {
    const story = [says(null, ['A'], true), says('B', ['A'], true), says('C', ['B', 'A'], false)]
    const other = [says('Z', ['X', 'Y'], false), says('Y', ['X'], true), says(null, ['X'], true)]
    expect(shapeOf(story, 'C')).toEqual(shapeOf(other, 'Z'))
    expect(shapeOf(story, 'C')).not.toEqual(shapeOf(story, 'B'))
  })
})

/** The one value that all consistent assignments agree on. */
function byTrial(statements: readonly Statement[], person: string): boolean | null {
  const people = [...new Set(statements.flatMap(({ by, about }) => (by === null ? about : [by, ...about])))]
  const values = new Set<boolean>()
  for (let mask = 0; mask < 1 << people.length; mask++) {
    const truth = (name: string) => ((mask >> people.indexOf(name)) & 1) === 1
    const fits = statements.every(({ by, about, odd }) => {
      const [a, b] = about.map(truth)
      const holds = b === undefined ? a !== odd : (a !== b) === odd
      return by === null ? holds : truth(by) === holds
    })
    if (fits) values.add(truth(person))
  }
  return values.size === 1 ? [...values][0]! : null
}
