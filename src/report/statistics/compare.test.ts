import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRng } from '../../util/rng.ts'
import { averageOf, normalised, type ScoreRow } from './averages.ts'
import { type CompareOptions, compareOutcomes, compareScores, judgeFamily } from './compare.ts'
import { differencesByTask, discordant, type Outcome, pairOutcomes } from './pairs.ts'

const options: CompareOptions = { rng: (a, b) => seededRng('compare test', a, b), resamples: 2_000 }

/** Outcomes written as one letter an instance: `+` right, `-` wrong, `?` unscored. */
const outcomes = (byTask: Readonly<Record<string, string>>): Outcome[] =>
  Object.entries(byTask).flatMap(([task, marks]) =>
    [...marks].map((mark, i) => ({ task, instance: String(i), correct: mark === '?' ? null : mark === '+' })),
  )

describe('pairing', () => {
  it('leaves unscored out on both sides and counts it; it is never a zero', () => {
    const a = outcomes({ x: '+?+-', y: '++' })
    const b = outcomes({ x: '--?-', y: '+' })
    const { pairs, unscored, unpaired } = pairOutcomes(a, b)
    expect(pairs.map(pair => [pair.task, pair.instance, pair.a, pair.b])).toEqual([
      ['x', '0', true, false],
      ['x', '3', false, false],
      ['y', '0', true, true],
    ])
    expect([unscored, unpaired]).toEqual([2, { a: 1, b: 0 }])
    expect(pairOutcomes(b, a).unpaired).toEqual({ a: 0, b: 1 })
    expect(discordant(pairs)).toEqual({ onlyA: 1, onlyB: 0 })
  })

  it('keeps trials of one instance together', () => {
    const trial = (n: number, correct: boolean): Outcome => ({ task: 'x', instance: '0', trial: n, correct })
    const { pairs } = pairOutcomes([trial(0, true), trial(1, true)], [trial(0, false), trial(1, true)])
    expect(differencesByTask(pairs)).toEqual(new Map([['x', [50]]]))
  })

  it('refuses two outcomes of one instance', () => {
    const twice = [...outcomes({ x: '+' }), ...outcomes({ x: '-' })]
    expect(() => pairOutcomes(twice, [])).toThrow(/two outcomes/)
  })

  it('every outcome is in a pair, unscored or unpaired', () => {
    const marks = fc.dictionary(
      fc.constantFrom('x', 'y', 'z'),
      fc.string({ unit: fc.constantFrom('+', '-', '?'), maxLength: 6 }),
    )
    fc.assert(
      fc.property(marks, marks, (one, other) => {
        const [a, b] = [outcomes(one), outcomes(other)]
        const { pairs, unscored, unpaired } = pairOutcomes(a, b)
        expect(pairs.length + unscored + unpaired.a).toBe(a.length)
        expect(pairs.length + unscored + unpaired.b).toBe(b.length)
      }),
    )
  })
})

describe('comparison of outcomes', () => {
  const strong = { name: 'strong', outcomes: outcomes({ x: '++++++++', y: '+++++++-', z: '++++++++', w: '+++++-++' }) }
  const weak = { name: 'weak', outcomes: outcomes({ x: '----+---', y: '-+----+-', z: '--+-----', w: '------+-' }) }

  it('counts, tests and bounds', () => {
    const compared = compareOutcomes(strong, weak, options)!
    expect(compared).toMatchObject({
      tasks: 4,
      byTask: { wins: 4, losses: 0, ties: 0 },
      test: 'mcnemar-exact',
      pairs: { count: 32, onlyA: 25, onlyB: 0, unscored: 0 },
    })
    expect(compared.difference.mean).toBeCloseTo((100 * 25) / 32, 9)
    expect(compared.p).toBeCloseTo(2 / 2 ** 25, 12)
    expect(judgeFamily([compared])[0]).toMatchObject({ finding: 'secure', adjustedP: compared.p, family: 1 })
  })

  it('turned around says the same', () => {
    const [one] = judgeFamily([compareOutcomes(strong, weak, options)!])
    const [other] = judgeFamily([compareOutcomes(weak, strong, options)!])
    expect(other!.difference.mean).toBe(-one!.difference.mean)
    expect([other!.p, other!.finding]).toEqual([one!.p, one!.finding])
    expect(other!.sentence).toMatch(/^strong is better than weak by 78\.1 points/)
  })

  it('calls a small gap noise, in one plain sentence', () => {
    const a = { name: 'A', outcomes: outcomes({ x: '++--+-', y: '+---+-', z: '-+-+--' }) }
    const b = { name: 'B', outcomes: outcomes({ x: '+-+-+-', y: '+--+--', z: '-+----' }) }
    const [judged] = judgeFamily([compareOutcomes(a, b, options)!])
    expect(judged!.finding).toBe('noise')
    expect(judged!.sentence).toMatch(
      /^A is better than B by 5\.6 points \(95 % interval −\d+\.\d to \d+\.\d\): with these n the ranking is noise; a gap of \d+\.\d would have been needed to show reliably\.$/,
    )
  })

  it('is null where nothing is shared', () => {
    expect(compareOutcomes({ name: 'a', outcomes: outcomes({ x: '?' }) }, weak, options)).toBeNull()
  })

  it('does not change with the order in which outcomes come', () => {
    const mixed = { name: 'strong', outcomes: strong.outcomes.toReversed() }
    const { p, byTask, difference } = compareOutcomes(mixed, weak, options)!
    const sorted = compareOutcomes(strong, weak, options)!
    expect([p, byTask, difference]).toEqual([sorted.p, sorted.byTask, sorted.difference])
  })
})

describe('comparison of scores', () => {
  const scores = (name: string, ...of: (number | null)[]) => ({ name, scores: of })

  it('leaves tasks without a score out', () => {
    const compared = compareScores(scores('a', 50, null, 80, 10), scores('b', 40, 90, null, 10), 'sign', options)!
    expect(compared).toMatchObject({ tasks: 2, byTask: { wins: 1, losses: 0, ties: 1 }, difference: { mean: 5 } })
    expect(compareScores(scores('a', null, 3), scores('b', 3, null), 'sign', options)).toBeNull()
  })

  it('wants interval and corrected test to agree before it calls a gap secure', () => {
    const a = scores('a', ...[9, 8, 7, 9, 6, 8, 9, 7, 1].map(x => 50 + x))
    const b = scores('b', ...new Array<number>(8).fill(50), 53)
    const compared = compareScores(a, b, 'wilcoxon', options)!
    expect(judgeFamily([compared])[0]!.finding).toBe('secure')
    const many = judgeFamily(new Array(20).fill(compared))
    expect(many[0]).toMatchObject({ finding: 'unsure', family: 20 })
    expect(many[0]!.sentence).toMatch(/after correction for 20 comparisons \(p = 0\.\d\d\): not secure/)
  })

  it('says when the mean and most tasks disagree, and when there is no gap', () => {
    const [carried] = judgeFamily([compareScores(scores('a', 90, 10, 10), scores('b', 10, 12, 12), 'sign', options)!])
    expect(carried!.sentence).toMatch(/by task b is ahead more often, 2 to 1/)
    const [level] = judgeFamily([compareScores(scores('a', 90, 10), scores('b', 90, 10), 'sign', options)!])
    expect(level!.sentence).toMatch(
      /^a and b are level \(95 % interval 0\.0 to 0\.0\): with these n the ranking is noise/,
    )
  })
})

describe('averages', () => {
  const rows: ScoreRow[] = [
    { task: 'x', split: 'seen', scores: [50, 100, null] },
    { task: 'y', split: 'unseen', scores: [40, 20, 10] },
    { task: 'z', split: null, scores: [0, 0, 0] },
  ]
  it('normalise by the best of the row, and leave out what has no score', () => {
    expect(rows.map(normalised)).toEqual([
      [50, 100, null],
      [100, 50, 25],
      [null, null, null],
    ])
    expect(averageOf(rows, 0, 'total')).toEqual({ normalised: 75, raw: 30, tasks: 3 })
    expect(averageOf(rows, 2, 'total')).toEqual({ normalised: 25, raw: 5, tasks: 2 })
    expect(averageOf(rows, 2, 'seen')).toEqual({ normalised: null, raw: null, tasks: 0 })
    expect(averageOf(rows, 1, 'unseen')).toEqual({ normalised: 50, raw: 20, tasks: 1 })
  })
})
