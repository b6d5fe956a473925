import { describe, expect, it } from 'vitest'
import { measure } from '../bench/checker.ts'
import { labelledPrograms, qualityOf } from '../bench/checker-quality.ts'

// Floors lie a little below what was measured (docs/checkers.md), so that a rule that breaks is noticed.
describe('the labelled programs', () => {
  it('are enough, and a part is held out', () => {
    expect(labelledPrograms('tuning').length).toBeGreaterThanOrEqual(70)
    expect(labelledPrograms('holdout').length).toBeGreaterThanOrEqual(24)
  })

  it('are judged rightly where the rules were tuned', async () => {
    const { sound, legacy, method } = await qualityOf(labelledPrograms('tuning'))
    expect(sound.precision).toBeGreaterThanOrEqual(0.97)
    expect(sound.recall).toBeGreaterThanOrEqual(0.97)
    expect(method.accuracy).toBeGreaterThanOrEqual(0.94)
    expect(sound.accuracy).toBeGreaterThan(legacy.accuracy + 0.3)
  })

  it('are judged rightly where they were not', async () => {
    const { sound, legacy, method } = await qualityOf(labelledPrograms('holdout'))
    expect(sound.precision).toBeGreaterThanOrEqual(0.93)
    expect(sound.recall).toBeGreaterThanOrEqual(0.93)
    expect(method.accuracy).toBeGreaterThanOrEqual(0.88)
    expect(sound.accuracy).toBeGreaterThan(legacy.accuracy + 0.15)
  })

  it('are analysed within a few bare parses', async () => {
    const { ratioToParse } = await measure(5)
    expect(ratioToParse).toBeLessThan(12)
  })
})
