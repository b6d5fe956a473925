import { identityOf, poolOf } from '../../draw.ts'
import { InputError } from '../../errors.ts'
import { load } from '../../registry.ts'
import type { Task } from '../../task.ts'
import { sha256 } from '../../util/hash.ts'
import type { Tree } from '../tree.ts'

/** What admission found out about a tree. */
export interface Admitted {
  /** Question identity: equal for the same puzzle, whatever its seed, level or wording. Splits go by it. */
  readonly identity: string
}

/** Checks trees one by one and remembers why any was refused. */
export interface Admission {
  /** The tree's identity, or null when it was refused. */
  admit(tree: Tree, run: string): Promise<Admitted | null>
  /** Throws InputError when anything was refused, naming everything at once. */
  conclude(): void
  /** Prompt versions met, with the runs that have them. */
  readonly versions: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/**
 * Keeps out what must never be trained on: questions of the test pool, and tasks held back as unseen. The pool is worked
 * out again from the question's own text where its task still reads it, so a mislabelled run does not pass either. Trees
 * whose prompts have other words than the first tree's are refused too: a coach would learn two dialects.
 */
export function newAdmission(): Admission {
  const versions = new Map<string, Map<string, number>>()
  const refused: string[] = []
  let more = 0
  const refuse = (why: string) => {
    if (refused.length < 5) refused.push(why)
    else more++
    return null
  }
  return {
    versions,
    async admit(tree, run) {
      const { id, task: slug, pool } = tree.question.coordinates
      const ofVersion = versions.get(tree.promptVersion) ?? new Map<string, number>()
      versions.set(tree.promptVersion, ofVersion.set(run, (ofVersion.get(run) ?? 0) + 1))
      const task = await load<Task>('tasks', slug)
      if (task.split === 'unseen') return refuse(`${id} (${run}): ${slug} is an unseen task, kept for measuring`)
      if (pool !== 'train') return refuse(`${id} (${run}): of the test pool`)
      const puzzle = task.read(tree.question.prompt)
      const identity = puzzle === null ? sha256(tree.question.prompt) : identityOf(task, puzzle)
      if (puzzle !== null && poolOf(slug, identity) !== 'train')
        return refuse(`${id} (${run}): says train, but its puzzle belongs to the test pool`)
      return { identity: `${slug}/${identity}` }
    },
    conclude() {
      if (refused.length > 0)
        throw new InputError(
          `questions that must not be trained on:\n  ${refused.join('\n  ')}${more > 0 ? `\n  and ${more.toLocaleString('en')} more` : ''}`,
          'Train on the train pool of the seen tasks only, or results on the rest mean nothing: codesteer data synthesize draws just these.',
        )
      if (versions.size > 1) throw mixed(versions)
    },
  }
}

function mixed(versions: Admission['versions']): InputError {
  const lines = [...versions].map(([version, runs]) => {
    const trees = [...runs].map(([run, count]) => `${run} (${count.toLocaleString('en')} questions)`)
    return `${version}: ${trees.join(', ')}`
  })
  return new InputError(
    `the runs were made with ${versions.size} versions of the coach's prompts:\n  ${lines.join('\n  ')}`,
    'Export them apart, one version each, or make the older ones again with this version of codesteer.',
  )
}
