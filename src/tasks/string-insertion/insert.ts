/** Behind every occurrence of `after` the letter `insert` is put. All patterns of a puzzle have one length. */
export interface InsertionRule {
  readonly after: string
  readonly insert: string
}

type Insertions = ReadonlyMap<string, string>

export const insertions = (rules: readonly InsertionRule[]): Insertions =>
  new Map(rules.map(({ after, insert }) => [after, insert]))

/** One round: all occurrences in the string as it stands, overlapping ones too, then all insertions at once. */
export function oneRound(text: string, rules: Insertions, length: number): string {
  let result = text.slice(0, length - 1)
  for (let end = length; end <= text.length; end++) {
    result += text[end - 1]! + (rules.get(text.slice(end - length, end)) ?? '')
  }
  return result
}

/** The string before the first round, after it, and so on. */
export function allRounds(text: string, rules: readonly InsertionRule[], rounds: number): string[] {
  const [map, length] = [insertions(rules), rules[0]!.after.length]
  const states = [text]
  for (let round = 0; round < rounds; round++) states.push(oneRound(states.at(-1)!, map, length))
  return states
}

const times = (rounds: number, text: string, round: (text: string) => string): string => {
  let result = text
  for (let i = 0; i < rounds; i++) result = round(result)
  return result
}

/** Another reading: one rule after the other over the whole string, each seeing the letters of those before it. */
export const ruleAfterRule = (text: string, rules: readonly InsertionRule[], rounds: number): string =>
  times(rounds, text, state => rules.reduce((now, { after, insert }) => now.replaceAll(after, after + insert), state))

/** Another reading: only the first occurrence of each pattern counts. */
export const firstOnly = (text: string, rules: readonly InsertionRule[], rounds: number): string =>
  times(rounds, text, state => rules.reduce((now, { after, insert }) => now.replace(after, after + insert), state))

/** Another reading: after an occurrence the search goes on behind it, so that overlapping ones are missed. */
export function withoutOverlaps(text: string, rules: readonly InsertionRule[], rounds: number): string {
  const [map, length] = [insertions(rules), rules[0]!.after.length]
  return times(rounds, text, state => {
    let result = ''
    for (let at = 0; at < state.length; ) {
      const window = state.slice(at, at + length)
      const found = map.get(window)
      result += found === undefined ? state[at] : window + found
      at += found === undefined ? 1 : length
    }
    return result
  })
}

/** The letter is put in front of the occurrence instead of behind it. */
export function inFront(text: string, rules: readonly InsertionRule[]): string {
  const [map, length] = [insertions(rules), rules[0]!.after.length]
  return [...text].map((letter, at) => (map.get(text.slice(at, at + length)) ?? '') + letter).join('')
}
