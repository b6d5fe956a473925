// The Python with the trainers, for the tests that really train; where there is none, their names say so.
import { fileURLToPath } from 'node:url'
import { findPython, missing } from '../../src/training/launch/_shared/python.ts'

const needed = ['torch', 'transformers', 'trl', 'datasets', 'accelerate', 'peft']
const root = fileURLToPath(new URL('../..', import.meta.url))
const found = await findPython(needed, undefined, process.env, root).catch(() => null)
const gaps = found === null ? ['python'] : missing(found, needed)

/** Path of the interpreter; empty where a test must be skipped. */
export const python = gaps.length > 0 ? '' : found!.path

/** Put behind a test's name: why it is skipped. */
export const without =
  gaps.length > 0 ? ` (skipped: no ${gaps.join(', ')}; name a Python that has them: CODESTEER_PYTHON)` : ''

export const scripts = fileURLToPath(new URL('../../python/', import.meta.url))
