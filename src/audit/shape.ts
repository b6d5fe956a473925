/** One piece of an answer in its short form: a bracket, a quoted word, words side by side, or a row of such. */
const piece = String.raw`(\[[^[\]]*\]|\([^()]*\)|"x"|'x'|x(?: x)*)`
const inRow = new RegExp(`${piece}(?:,\\1)+(?:,…)?`, 'g')
const inLines = new RegExp(`((?:${piece})(?:,…)?)(?:\\n\\1)+`, 'g')

/** The form of an answer: words and numbers become `x`, a row or a column of equal pieces becomes one piece and `…`. */
export function shapeOf(text: string): string {
  let shape = text
    .trim()
    .slice(0, 4_000)
    .replace(/[^\s,;:[\](){}"'<>|]+/g, 'x')
    .replace(/[^\S\n]*([,;:[\](){}|\n])[^\S\n]*/g, '$1')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/,\n/g, ',')
  for (let before = ''; before !== shape; ) {
    before = shape
    shape = shape.replace(inRow, '$1,…').replace(inLines, '$1/…')
  }
  return shape
}

/**
 * Whether an answer has the form of an example in the question: between `<<<` and `>>>`, or a bracketed list behind the
 * last request for a format. Null when the question shows no form (only words such as `<<<answer>>>`).
 */
export function hasAskedForm(question: string, answer: string): boolean | null {
  const examples = examplesIn(question)
  if (examples.length === 0) return null
  const shape = shapeOf(answer)
  return examples.some(example => shapeOf(example) === shape)
}

/** Forms that a question describes in words instead of showing them. */
const described: readonly (readonly [RegExp, string])[] = [[/each row has \d+ letters separated by commas/, 'a,b\na,b']]

function examplesIn(question: string): string[] {
  const spans = [...question.matchAll(/<<<([\s\S]*?)>>>/g)].map(found => found[1]!)
  const asked = question.slice(Math.max(0, question.lastIndexOf('format')))
  const lists = [...asked.matchAll(/\bas (\[[^[\]]+\])/g)].map(found => found[1]!)
  const told = described.filter(([words]) => words.test(question)).map(([, example]) => example)
  return [...told, ...spans, ...lists].filter(
    example => /[,[({"'\d]/.test(example) && !/\b(?:a list|list of|string)\b/.test(example),
  )
}
