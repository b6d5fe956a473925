import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import { seededRng } from '../../util/rng.ts'
import { decimal, decimalOf, meets, showDecimal } from './geometry.ts'
import pathPlan from './path-plan.ts'
import { route } from './solver.ts'

const walls = [
  [-1.5, -1.4, -1.5, 1.5],
  [1.4, 1.5, -1.5, 1.5],
  [-1.5, 1.5, -1.5, -1.4],
  [-1.5, 1.5, 1.4, 1.5],
] as const
const puzzle = {
  walls,
  boxes: [
    { name: 'red', at: [0, 0.4, 0, 0.4] },
    { name: 'blue', at: [-0.6, -0.2, -0.5, 0.5] },
    { name: 'green', at: [0.5, 0.6, -0.2, 0.2] },
  ],
  start: [-1, 0],
  end: [1, 0],
  visit: ['red'],
  avoid: ['blue'],
} as const
const judge = (answer: string) => pathPlan.verify(puzzle, answer)
const right = '[(-1, 0), (-0.8, 0.8), (0.2, 0.8), (0.2, 0.2), (1, 0)]'

describe('path-plan', () => {
  it.each([
    ['as asked', right],
    ['as pairs in brackets', right.replaceAll('(', '[').replaceAll(')', ']')],
    ['as a tuple', `(${right.slice(1, -1)})`],
    ['without outer brackets', right.slice(1, -1)],
    ['over many lines, with a trailing comma', `\n  ${right.replaceAll('), ', '),\n  ').slice(0, -1)},\n]`],
    ['in other decimals', '[(-1.00, 0.0), (-8e-1, .8), (0.2, 0.8), (0.20, 0.2), (1., -0)]'],
    ['as an assignment in a fence', `\`\`\`python\nwaypoints = ${right}\n\`\`\``],
    ['with a repeated waypoint', right.replace('(-1, 0)', '(-1, 0), (-1, 0)')],
  ])('reads a route written %s', (_, answer) => {
    expect(judge(answer)).toEqual({ verdict: 'correct' })
  })

  it.each([
    ['a box to avoid', '[(-1, 0), (-0.4, 0.7), (0.2, 0.2), (1, 0)]', /waypoint 1 to waypoint 2 meets blue/],
    ['the straight line', '[(-1, 0), (1, 0)]', /meets blue/],
    ['an edge to avoid', '[(-1, 0), (-0.8, 0.5), (0.2, 0.5), (0.2, 0.2), (1, 0)]', /meets blue/],
    ['a corner to avoid', '[(-1, 0), (-1, 0.9), (-0.2, 0.5), (0.2, 0.2), (1, 0)]', /meets blue/],
    ['a wall', '[(-1, 0), (-1, 1.4), (0.2, 0.8), (0.2, 0.2), (1, 0)]', /meets a wall/],
    ['no box to visit', '[(-1, 0), (-1, 0.9), (1, 0.9), (1, 0)]', /red is not visited/],
    ['another start', right.replace('(-1, 0)', '(-1, 0.01)'), /not the start/],
    ['another end', right.replace('(1, 0)', '(1.0000000001, 0)'), /not the end/],
    ['a single waypoint', '[(-1, 0)]', /at least two/],
    ['no waypoint', '[]', /at least two/],
    ['a jump out of the arena', '[(-1, 0), (9e9, 9e9), (1, 0)]', /meets/],
  ])('refuses a route with %s', (_, answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('incorrect')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it('counts touching as visiting, and a segment inside a box as meeting it', () => {
    expect(judge('[(-1, 0), (-0.8, 0.8), (0.4, 0.8), (0.4, 0.4), (1, 0)]').verdict).toBe('correct')
    expect(judge('[(-1, 0), (-0.8, 0.8), (0.8, 0.4), (0, 0.4), (1, 0)]').verdict).toBe('correct')
    const inner = { ...puzzle, start: [0.1, 0.1], end: [0.2, 0.3] } as const
    expect(pathPlan.verify(inner, '[(0.1, 0.1), (0.2, 0.3)]').verdict).toBe('correct')
    expect(pathPlan.verify({ ...inner, avoid: ['red'], visit: [] }, '[(0.1, 0.1), (0.2, 0.3)]').verdict).toBe(
      'incorrect',
    )
  })

  // Evaluated, or let through, by the published judge.
  it.each([
    '[p for p in [(-1, 0), (1, 0)]]',
    '[(float(-1), 0), (1, 0)]',
    `sorted(${right})`,
    `(lambda: ${right})()`,
    '[(-1, 0)] + [(1, 0)]',
    `__import__("os") and ${right}`,
    '[(-1, 0), (1e999-1e999, 0), (1, 0)]',
    '[(-1, 0), (NaN, 0), (1, 0)]',
    '[(-1, 0), (inf, 0), (1, 0)]',
    '[(-1, 0), (1e999, 0), (1, 0)]',
    right.replace('(-0.8, 0.8)', '(-0.8, 0.8, 0)'),
    `{${right.slice(1, -1)}}`,
    '[-1, 0, 1, 0]',
    `[[${right}]]`,
    right.slice(1),
    right.slice(0, -1),
    right.replaceAll('), (', ') -> ('),
    '[()]',
    'None',
    'No path exists',
    '((((((',
    '1/0',
    '',
  ])('cannot read %j', answer => {
    expect(judge(answer).verdict).toBe('malformed')
  })

  it('reads decimals exactly', () => {
    expect(decimal('-1.350')).toEqual({ digits: -1350n, places: 3 })
    expect(decimal('2e3')).toEqual({ digits: 2000n, places: 0 })
    expect(decimalOf(1e-7)).toEqual({ digits: 1n, places: 7 })
    for (const text of ['', '.', '-', '1e', '0x1', '1e99999', '9'.repeat(61), '1_0', '٣'])
      expect(decimal(text)).toBeNull()
    expect([showDecimal(-125, 2), showDecimal(5, 3), showDecimal(-100, 2), showDecimal(0, 2)]).toEqual([
      '-1.25',
      '0.005',
      '-1',
      '0',
    ])
  })

  it('decides whether segment and rectangle meet as clipping does', () => {
    const rng = seededRng('path-plan segments')
    const clipped = (p: number[], q: number[], [x0, x1, y0, y1]: number[]) => {
      // All parameters t of the segment as fractions with one denominator, so that this stays exact too.
      let [enter, leave] = [
        [0, 1],
        [1, 1],
      ]
      for (const [from, to, low, high] of [
        [p[0]!, q[0]!, x0!, x1!],
        [p[1]!, q[1]!, y0!, y1!],
      ]) {
        const step = to! - from!
        if (step === 0) {
          if (from! < low! || from! > high!) return false
          continue
        }
        const ends = [low!, high!].map(side => (step > 0 ? [side - from!, step] : [from! - side, -step]))
        if (step < 0) ends.reverse()
        if (ends[0]![0]! * enter![1]! > enter![0]! * ends[0]![1]!) enter = ends[0]!
        if (ends[1]![0]! * leave![1]! < leave![0]! * ends[1]![1]!) leave = ends[1]!
      }
      return enter![0]! * leave![1]! <= leave![0]! * enter![1]!
    }
    const seen = { true: 0, false: 0 }
    for (let i = 0; i < 4_000; i++) {
      const n = () => rng.int(0, 8)
      const [p, q] = [
        [n(), n()],
        [n(), n()],
      ]
      const [[x0, x1], [y0, y1]] = [[n(), n()].sort(), [n(), n()].sort()]
      const box = [x0!, x1!, y0!, y1!]
      const expected = clipped(p, q, box)
      const big = (list: number[]) => list.map(BigInt)
      expect(meets(big(p) as never, big(q) as never, big(box) as never), `${p} ${q} ${box}`).toBe(expected)
      seen[`${expected}`]++
    }
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(500)
  })

  it('says so when there is no way', () => {
    const blocked = [...walls, [-0.1, 0.1, -1.4, 1.4]] as const
    expect(route({ blocked, visit: [], start: [-1, 0], end: [1, 0] })).toBeNull()
    expect(route({ blocked: walls, visit: [], start: [-1, 0], end: [1, 0] })).toEqual([
      ['-1', '0'],
      ['1', '0'],
    ])
  })

  it('draws the arena', () => {
    const map = pathPlan.show?.(draw(pathPlan, 2, 0).puzzle) ?? ''
    for (const sign of ['S', 'E', 'o', '#', 'X']) expect(map.split('\n').slice(0, -1).join('')).toContain(sign)
  })

  it('knows a scene whatever its boxes are called', () => {
    const renamed = {
      ...puzzle,
      boxes: [...puzzle.boxes].reverse().map(box => ({ ...box, name: `the${box.name}` })),
      visit: ['thered'],
      avoid: ['theblue'],
    }
    expect(pathPlan.identity?.(renamed)).toEqual(pathPlan.identity?.(puzzle))
    expect(pathPlan.identity?.({ ...puzzle, avoid: [] })).not.toEqual(pathPlan.identity?.(puzzle))
  })
})
