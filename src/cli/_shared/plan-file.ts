import { readFileSync } from 'node:fs'
import { InputError } from '../../errors.ts'

/** A plan as it stands in its file. Throws InputError, with `mend` where there is no such file. */
export function readPlan(path: string, mend: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, mend, { cause: error })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${path} is not JSON: ${(error as SyntaxError).message}`, 'Mend the file.', { cause: error })
  }
}

/** The flags that were given, to lie over a plan's own fields. */
export const present = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
