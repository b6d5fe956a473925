import { describe, expect, it } from 'vitest'
import { publishedRule } from './published.ts'
import { applied, type Rule, rewrite, roundRobin } from './rewrite.ts'
import task from './string-deletion-and-modification.ts'
import { tellRule, untellRule } from './words.ts'

const rule = (sentence: string): Rule => publishedRule(sentence)!
const aa = rule("If the string prefix is 'aa', remove the first character.")
const endAa = rule("If the string ends with 'aa', replace it with 'cc'.")
const cc = rule("If the string suffix is 'cc', replace it with 'b' and prepend 'a' to the start.")
const longer = rule('If the string length is greater than 15, remove the middle character.')
const even = rule("If the string contains an even number of 'b's (and at least one 'b'), append 'ab' at the end.")
const inside = rule(
  "If the string contains 'ca' (not at the start), remove the first occurrence found after the first.",
)
const puzzle = { text: 'aaa', rules: [aa, endAa, cc] }
const judge = (answer: string, p = puzzle) => task.verify(p, answer).verdict

describe('string-deletion-and-modification', () => {
  it('works the example by priority, not in turn', () => {
    expect(task.solve(puzzle)).toBe('"a"')
    expect(roundRobin('aaa', puzzle.rules, 100)).toBe('ab')
    expect(judge('ab')).toBe('incorrect')
  })

  it('deletes the right one of two middle letters', () => {
    expect(applied('aaaaaaaabccccccc', longer)).toBe('aaaaaaaaccccccc')
    expect(applied('aaaaaaaabcccccccc', longer)).toBe('aaaaaaaacccccccc')
    expect(applied('aaaaaaaaccccccc', longer)).toBeNull()
  })

  it.each<[string, Rule, string | null]>([
    ['bb', even, 'bbab'],
    ['bab', even, 'babab'],
    ['b', even, null],
    ['aac', even, null],
    ['cacab', inside, 'cab'],
    ['cab', inside, null],
    ['acc', cc, 'aab'],
    ['cb', rule("If the string prefix is 'cb', replace it with 'aa' and delete the last character."), 'a'],
    ['cbbc', rule("If the string prefix is 'cb', replace it with 'aa' and delete the last character."), 'aab'],
    ['acbacb', rule("If the string contains 'acb', replace the first occurrence with its reverse ('bca')."), 'bcaacb'],
    ['bbc', rule("If the string starts with 'bb', remove the second character."), 'bc'],
    ['bca', rule("If the string ends with 'ca', remove the last character."), 'bc'],
    ['aca', rule("If the string starts with 'ac', replace the first two characters with 'zz'."), 'zza'],
  ])('applies a rule to %s', (text, one, result) => expect(applied(text, one)).toBe(result))

  it.each(['a', '"a"', " 'a' ", '`a`', '<<< "a" >>>', 'Final answer: "a".', '```\n"a"\n```'])('accepts %j', answer =>
    expect(judge(answer)).toBe('correct'),
  )

  it.each(['"A"', '"aaa"', '""', '"aa"', 'b'])('refuses %s', answer => expect(judge(answer)).toBe('incorrect'))
  it.each(['', '[]', 'a a', '"a', '"a" or "ab"', 'some_final_string'])('cannot read %j', answer =>
    expect(judge(answer)).toBe('malformed'),
  )

  it('accepts the empty string between quotes where nothing is left', () => {
    const emptied = { text: 'cc', rules: [rule("If the string starts with 'cc', remove the first two characters.")] }
    expect(task.solve(emptied)).toBe('""')
    expect(judge('""', emptied)).toBe('correct')
    expect(judge("<<<''>>>", emptied)).toBe('correct')
    expect(judge('a', emptied)).toBe('incorrect')
  })

  it('notices a rewriting that never ends, and calls it no fault of the answer', () => {
    const growing = { text: 'bb', rules: [even, longer, { ...endAa, what: 'b', put: 'bb' } as Rule] }
    const circle = {
      text: 'ab',
      rules: [{ ...aa, what: 'ab', put: 'ba' } as Rule, { ...aa, what: 'ba', put: 'ab' } as Rule],
    }
    expect(rewrite('ab', circle.rules, 1e9, 1e9)).toBeNull()
    for (const endless of [growing, circle]) expect(task.verify(endless, 'a').verdict).toBe('unscored')
  })

  it('tells every kind of rule so that it can be read back', () => {
    const all: Rule[] = [
      aa,
      endAa,
      cc,
      longer,
      even,
      inside,
      { ...cc, at: 'anywhere', back: 'ab', dropLast: true } as Rule,
    ]
    for (const one of all) expect(untellRule(tellRule(one))).toEqual(one)
    expect(untellRule('if the string sings, stop')).toBeNull()
    expect(publishedRule("If the string contains 'zzz', do nothing.")).toBeNull()
  })
})
