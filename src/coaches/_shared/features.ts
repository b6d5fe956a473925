/** What can be read off a question without solving it, each with the sentence that explains its weight. */
export interface Feature {
  readonly name: string
  /** Positive speaks for a program, negative for words. */
  readonly weight: number
  readonly why: string
}

interface Rule {
  readonly name: string
  readonly weight: (question: string) => number
  readonly why: string
}

const count = (pattern: RegExp) => (question: string) => question.match(pattern)?.length ?? 0

// Plain loops where a pattern would take quadratic time or worse on a hostile question.

/** Four or more items between square brackets. */
const hasList = (question: string) =>
  question
    .split(']')
    .slice(0, -1)
    .some(part => part.includes('[') && part.slice(part.indexOf('[')).split(',').length > 3)

/** Three lines in a row that look like rows of a board or table. */
function hasGrid(question: string): boolean {
  let inARow = 0
  for (const line of question.split('\n').slice(1)) {
    inARow = /[|#.]|\d \d/.test(line) ? inARow + 1 : 0
    if (inARow === 3) return true
  }
  return false
}

const rules: readonly Rule[] = [
  {
    name: 'long-numbers',
    weight: q => (/\d{5,}/.test(q) ? 3 : 0),
    why: 'it has numbers of five digits and more, where words slip',
  },
  {
    name: 'many-numbers',
    weight: q => Math.min(3, Math.floor(count(/\d+(\.\d+)?/g)(q) / 8)),
    why: 'it has many numbers to keep track of',
  },
  {
    name: 'long-word',
    weight: q => (/[A-Za-z]{22,}/.test(q) ? 3 : 0),
    why: 'it has a string too long to count letter by letter',
  },
  {
    name: 'grid-or-list',
    weight: q => (hasList(q) || hasGrid(q) ? 2 : 0),
    why: 'it has a grid or list to work through',
  },
  {
    name: 'exact-result',
    weight: q => (/\b(exactly|product|multiply|sum of|equals?|modulo|remainder|determinant)\b/i.test(q) ? 1 : 0),
    why: 'it wants an exact result',
  },
  {
    name: 'search-words',
    weight: q =>
      Math.min(
        3,
        count(
          /\b(every|each|all|arrange|order|path|plan|moves?|steps?|sequence|constraint|combination|permutation|schedule|shortest|minimum|maximum|expression)\b/gi,
        )(q) / 2,
      ),
    why: 'it asks for something that satisfies several conditions, which is a search',
  },
  {
    name: 'decimals-compared',
    weight: q =>
      /(?<!\d)\d+\.\d+\D+\d+\.\d+/.test(q) && /\b(larger|smaller|bigger|greater|less|compare)\b/i.test(q) ? 2 : 0,
    why: 'it compares decimal numbers, where words are easily misled',
  },
  {
    name: 'plain-language',
    weight: q => (count(/\d/g)(q) < 6 && count(/[.?!]/g)(q) >= 2 ? -2 : 0),
    why: 'it is plain language with few numbers',
  },
  {
    name: 'short',
    weight: q => (q.length < 160 && !/\d{4,}/.test(q) ? -1 : 0),
    why: 'it is short',
  },
  {
    name: 'explain',
    weight: q =>
      /\b(why|explain|describe|discuss|summari[sz]e|translate|write (a|an|the) (essay|letter|poem|story))\b/i.test(q)
        ? -4
        : 0,
    why: 'it asks for an explanation or a text',
  },
]

/** Features together must speak this strongly for a program to come first. */
const codeFrom = 2

/** Names of all features, in a fixed order. */
export const featureNames: readonly string[] = rules.map(rule => rule.name)

/** The weight of every feature for a question, zeros included, in the order of `featureNames`. */
export const featureWeights = (question: string): number[] => rules.map(rule => rule.weight(question))

/** The features that a question has, strongest first. */
export function featuresOf(question: string): Feature[] {
  return rules
    .map(rule => ({ name: rule.name, weight: rule.weight(question), why: rule.why }))
    .filter(feature => feature.weight !== 0)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
}

/** The way that the features speak for, and the reason in words. */
export function choiceByFeatures(question: string): { readonly way: 'text' | 'code'; readonly because: string } {
  const features = featuresOf(question)
  const code = features.reduce((sum, feature) => sum + feature.weight, 0) >= codeFrom
  const speaking = features.filter(feature => feature.weight > 0 === code).map(feature => feature.why)
  const because = speaking.length > 0 ? speaking.slice(0, 2).join(', and ') : 'nothing speaks strongly for a program'
  return { way: code ? 'code' : 'text', because }
}
