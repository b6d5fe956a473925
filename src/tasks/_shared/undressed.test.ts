import { describe, expect, it } from 'vitest'
import { readOption } from './options.ts'
import { undressed } from './undressed.ts'
import { readYesNo } from './yes-no.ts'

describe('undressed', () => {
  it.each([
    '(B)',
    '**(B)**',
    '`(B)`',
    '\\text{(B)}',
    '$\\boxed{\\text{(B)}}$',
    '"(B)".',
    'Answer: (B)',
    '```\n(B)\n```',
    'The final answer is: **(B)**.',
    '{"answer": "(B)"}',
  ])('takes the dress off %j', text => expect(undressed(text)).toBe('(B)'))

  it('gives up on long texts and is quick on long rows of marks', () => {
    expect(undressed('a'.repeat(2_001))).toBeNull()
    for (const mark of ['_', '*', '$', '"', '.', '`', '\\text{', '(']) {
      const begun = performance.now()
      undressed(`${mark.repeat(8_000)}a`, 80_000)
      expect(performance.now() - begun, mark).toBeLessThan(200)
    }
  })
})

describe('readYesNo', () => {
  it.each([
    ['Yes', true],
    ['no.', false],
    ['- No', false],
    ['(Yes)', true],
    ['TRUE', true],
    ['Yes, he tells the truth.', true],
    ['No, she lies', false],
    ['No: it ends 3 steps away', false],
  ])('reads %j', (text, yes) => expect(readYesNo(text)).toEqual({ yes }))

  it.each([
    '',
    'Yes No',
    'Yes/No',
    'No, wait, yes',
    'Yes, he lies',
    'No, it returns',
    'Y',
    '1',
    'Maybe',
    'Nope',
    'Yesterday',
    'No clear answer',
    'Yes, perhaps',
  ])('refuses %j', text => expect(readYesNo(text)).toHaveProperty('why'))
})

describe('readOption', () => {
  const options = ['The owl is first', 'The wren is first', 'The wren is last']
  it.each([
    'b',
    '(B)',
    'B.',
    '[B]',
    'B) The wren is first',
    'the wren  is first.',
    'option B',
    'The wren is first (B)',
    'Correct option: B',
  ])('finds the second in %j', text => expect(readOption(text, options)).toEqual({ index: 1 }))
  it.each([
    '(B) The owl is first',
    'A, B',
    'AB',
    '(A)(B)',
    '2',
    'not (B)',
    '(Z)',
    'B or C',
    'The crow is first',
    '',
    '(',
  ])('finds none in %j', text => expect(readOption(text, options)).not.toHaveProperty('index'))
})
