import { join } from 'node:path'
import type { PublishedSample } from '../task.ts'
import { type Layout, members, readJson, readText, sampleFolders, Unreadable } from './entry.ts'

interface Options {
  /** The id begins with the set's folder, where a task has several sets. */
  readonly withSet?: boolean
  /** What stands in for the label where none is stored. */
  readonly complexity?: (row: { readonly sample: string; readonly question: string }) => unknown
}

/** Sets of `sample_<i>/` folders with a `question.txt` and a `solution.json`. Stray files beside them are passed over. */
export function questionFolders(task: string, { withSet = false, complexity }: Options = {}): Layout {
  return (root, at) =>
    sampleFolders(root, at).map(path => {
      const sample = withSet ? path : path.slice(at.length + 1)
      return {
        task,
        sample,
        path,
        read(): PublishedSample {
          const question = readText(join(root, path, 'question.txt'))
          if (question.trim() === '') throw new Unreadable('question.txt is empty')
          const solution = readJson(join(root, path, 'solution.json'))
          const label = complexity ? complexity({ sample, question }) : members(solution, 'solution.json').complexity
          return { task, sample, question, solution, complexity: label }
        },
      }
    })
}

/** `digit_1_2_4/sample_0/` with three text files: prompt, factors, product. The numbers stay text: they outgrow doubles. */
export const multiplications: Layout = (root, at) =>
  sampleFolders(root, at).map(path => ({
    task: 'number-multiply',
    sample: path,
    path,
    read() {
      const digits = /\/digit((?:_\d+)+)\//.exec(path)?.[1]
      if (digits === undefined) throw new Unreadable('its folder is not named like digit_1_2_4')
      const question = readText(join(root, path, 'input_prompt_1.txt'))
      const solution = {
        input_value_list: readText(join(root, path, 'input_value_list.txt')),
        target_answer: readText(join(root, path, 'target_answer.txt')),
      }
      const complexity = digits.slice(1).replaceAll('_', 'x')
      return { task: 'number-multiply', sample: path, question, solution, complexity }
    },
  }))
