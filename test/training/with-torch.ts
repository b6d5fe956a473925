// The Python with the trainers, for the tests that really train; where there is none, their names say so.
import { fileURLToPath } from 'node:url'
import { findPython, missing } from '../../src/training/launch/_shared/python.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** An interpreter that has these packages: its path, empty where a test must be skipped, and the words that say why. */
export async function pythonWith(...needed: string[]): Promise<{ readonly python: string; readonly without: string }> {
  const found = await findPython(needed, undefined, process.env, root).catch(() => null)
  const gaps = found === null ? ['python'] : missing(found, needed)
  if (gaps.length === 0) return { python: found!.path, without: '' }
  return {
    python: '',
    without: ` (skipped: no ${gaps.join(', ')}; name a Python that has them: CODESTEER_PYTHON)`,
  }
}

/** Path of the interpreter with the trainers, and what is put behind a test's name: why it is skipped. */
export const { python, without } = await pythonWith('torch', 'transformers', 'trl', 'datasets', 'accelerate', 'peft')

export const scripts = fileURLToPath(new URL('../../python/', import.meta.url))
