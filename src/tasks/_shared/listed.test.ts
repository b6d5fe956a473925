import { describe, expect, it } from 'vitest'
import { listItems, unbracketed, undressed, unquoted } from './listed.ts'

describe('undressed', () => {
  it.each([
    '[1, 2]',
    '  [1, 2]\n',
    '<<<[1, 2]>>>',
    'I say <<<[9]>>>, no: <<<[1, 2]>>>',
    '```json\n[1, 2]\n```',
    '`[1, 2]`',
    '**[1, 2]**',
    '$[1, 2]$',
    '$\\boxed{[1, 2]}$',
    'Answer: [1, 2]',
    'The final answer is: [1, 2].',
    'Result = [1, 2]',
  ])('finds the list in %s', text => expect(undressed(text, 100)).toBe('[1, 2]'))

  it('keeps brackets, quotes and what it does not know', () => {
    expect(undressed('"A", "B"', 100)).toBe('"A", "B"')
    expect(undressed('[1] or [2]', 100)).toBe('[1] or [2]')
    expect(undressed('\\boxed{\\frac{1}{2}}', 100)).toBe('\\frac{1}{2}')
    expect(undressed('...', 100)).toBe('...')
  })

  it('refuses what is too long', () => expect(undressed('1'.repeat(101), 100)).toBeNull())
})

describe('listItems', () => {
  it.each([
    ['[A, B]', ['A', 'B']],
    ['("A", \'B\')', ['A', 'B']],
    ['"A", "B"', ['A', 'B']],
    ['"A, B"', ['A', 'B']],
    ['A B', ['A', 'B']],
    ['A\nB', ['A', 'B']],
    ['[A, B,]', ['A', 'B']],
    ['A; B', ['A', 'B']],
    ['A，B', ['A', 'B']],
    ['[]', []],
    ['A,,B', ['A', '', 'B']],
    [',,', ['', '']],
    ['[A', null],
    ['A]', null],
    ['[A)', null],
  ])('reads %s', (text, items) => expect(listItems(text)).toEqual(items))

  it('takes off one pair only', () => {
    expect(unbracketed('[[A]]')).toBe('[A]')
    expect(unbracketed('')).toBe('')
    expect(unquoted('"')).toBe('"')
    expect(unquoted('"A"')).toBe('A')
  })
})
