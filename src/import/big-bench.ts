import { join } from 'node:path'
import { broken, type Entry, type Layout, listing, members, readJson, stringOf, Unreadable } from './entry.ts'

interface Suite {
  readonly task: string
  readonly complexity: (input: string) => number
}

const instructions = (input: string) => input.match(/\b(?:Take \d+ steps?|Turn (?:left|right|around))\b/g)?.length ?? 0

const suites: Readonly<Record<string, Suite>> = {
  date_understanding: { task: 'date-understanding', complexity: () => 1 },
  logical_deduction_seven_objects: { task: 'logical-deduction', complexity: () => 7 },
  navigate: { task: 'navigate', complexity: instructions },
  web_of_lies: { task: 'web-of-lies', complexity: () => 5 },
}

/**
 * `bbh/<suite>.json`: `{canary, examples: [{input, target}]}`. The canary travels with every row, so that whoever builds
 * training data can see that these must not go in. Suites outside SymBench are passed over.
 */
export const bigBench: Layout = (root, at) =>
  listing(join(root, at), 'files')
    .map(file => ({ path: `${at}/${file}`, name: file.replace(/\.json$/, '') }))
    .filter(({ name }) => Object.hasOwn(suites, name))
    .flatMap(({ path, name }) => examplesOf(root, path, name, suites[name]!))

function examplesOf(root: string, path: string, name: string, { task, complexity }: Suite): Entry[] {
  try {
    const { canary, examples } = members(readJson(join(root, path)), path)
    if (!Array.isArray(examples)) throw new Unreadable('"examples" is no array')
    return examples.map((example: unknown, index) => ({
      task,
      sample: `${name}:${index}`,
      path: `${path}, example ${index}`,
      read() {
        const { input, target } = members(example, 'the example')
        const question = stringOf(input, '"input"')
        const solution = stringOf(target, '"target"')
        const label = complexity(question)
        return { task, sample: `${name}:${index}`, question, solution, complexity: label, index, canary }
      },
    }))
  } catch (error) {
    return [broken(task, path, error)]
  }
}
