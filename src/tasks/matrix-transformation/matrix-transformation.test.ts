import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import matrixTransformation from './matrix-transformation.ts'
import { readStep, type Step, stepText, transform } from './steps.ts'

const puzzle = {
  matrix: [
    ['K', '7', 'M'],
    ['P', 'P', '3'],
  ],
  steps: [['clockwise']] as Step[],
}
const judge = (answer: string) => matrixTransformation.verify(puzzle, answer)

describe('matrix-transformation', () => {
  it('solves the worked example', () => {
    expect(matrixTransformation.solve(puzzle)).toBe('P,K,P,7,3,M')
  })

  it.each([
    'P, K, P, 7, 3, M',
    '[P, K, P, 7, 3, M]',
    '(P,K,P,7,3,M)',
    '"P", "K", "P", "7", "3", "M"',
    "['P', 'K', 'P', '7', '3', 'M']",
    '[["P","K"],["P","7"],["3","M"]]',
    '[[P, K], [P, 7], [3, M]]',
    'P, K\nP, 7\n3, M',
    'P, K,\nP, 7,\n3, M',
    'P K\nP 7\n3 M',
    'P K P 7 3 M',
    'P; K; P; 7; 3; M',
    '```\nP,K,P,7,3,M\n```',
    '**P,K,P,7,3,M**',
    'Answer: P,K,P,7,3,M.',
  ])('accepts %j', answer => {
    expect(judge(answer)).toEqual({ verdict: 'correct' })
  })

  it.each([
    ['p,k,p,7,3,m', /4 of 6 cells are wrong, the first is "p" in row 1, column 1/],
    ['K,7,M,P,P,3', /cells are wrong/],
    ['P, K, P\n7, 3, M', /2 rows, not 3/],
  ])('refuses %j', (answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('incorrect')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it.each(['P,K,P,7,3', 'P,K,P,7,3,M,A', 'PKP73M', ',,,', '[P,K,P,7,3,M', 'rotated', 'P,K,,7,3,M'])(
    'cannot read %j',
    answer => {
      expect(judge(answer).verdict).toBe('malformed')
    },
  )

  it('keeps symbols that Markdown would take for its own', () => {
    const wild = {
      matrix: [
        ['*', '$', '!'],
        ['^', '*', '$'],
      ],
      steps: puzzle.steps,
    }
    const right = '^,*,*,$,$,!'
    expect(matrixTransformation.solve(wild)).toBe(right)
    expect(matrixTransformation.verify(wild, right).verdict).toBe('correct')
    expect(matrixTransformation.verify(wild, right.replace(/[*$^]/g, '\\$&')).verdict).toBe('correct')
    const edges = {
      matrix: [
        ['$', '*'],
        ['*', '$'],
      ],
      steps: puzzle.steps,
    }
    expect(matrixTransformation.verify(edges, '*,$,$,*').verdict).toBe('correct')
    expect(matrixTransformation.verify(edges, ',$,$,').verdict).toBe('malformed')
  })

  it.each([
    [['clockwise'], 'DA/EB/FC'],
    [['counterclockwise'], 'CF/BE/AD'],
    [['half-turn'], 'FED/CBA'],
    [['transpose'], 'AD/BE/CF'],
    [['mirror'], 'CBA/FED'],
    [['flip'], 'DEF/ABC'],
    [['rows-down', 1], 'DEF/ABC'],
    [['columns-right', 1], 'CAB/FDE'],
    [['columns-right', 2], 'BCA/EFD'],
    [['swap-rows', 1, 2], 'DEF/ABC'],
    [['swap-columns', 1, 3], 'CBA/FED'],
  ] as [Step, string][])('knows the step %j and its words', (step, result) => {
    const turned = transform([[...'ABC'], [...'DEF']], [step])
    expect(turned.map(row => row.join('')).join('/')).toBe(result)
    expect(readStep(stepText(step))).toEqual(step)
  })

  it('asks nothing that a single other turn answers', () => {
    for (const [level] of matrixTransformation.levels.entries()) {
      for (let seed = 0; seed < 10; seed++) {
        const { puzzle: drawn } = draw(matrixTransformation, level + 1, seed)
        const right = matrixTransformation.solve(drawn)
        for (const name of ['clockwise', 'counterclockwise', 'half-turn', 'transpose', 'mirror', 'flip']) {
          if (drawn.steps.length === 1 && drawn.steps[0]![0] === name) continue
          expect(
            transform(drawn.matrix, [[name]])
              .flat()
              .join(','),
          ).not.toBe(right)
        }
        expect(drawn.matrix.flat().join(',')).not.toBe(right)
      }
    }
  })
})
