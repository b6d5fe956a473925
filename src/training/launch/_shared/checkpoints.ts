import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The newest checkpoint that was written to its end (transformers writes its state last), or null. */
export function newestCheckpoint(folder: string): { readonly path: string; readonly step: number } | null {
  if (!existsSync(folder)) return null
  const found = readdirSync(folder)
    .flatMap(name => {
      const step = /^checkpoint-(\d+)$/.exec(name)?.[1]
      return step === undefined ? [] : [{ path: join(folder, name), step: Number(step) }]
    })
    .sort((a, b) => b.step - a.step)
  return found.find(({ path, step }) => stepOf(join(path, 'trainer_state.json')) === step) ?? null
}

function stepOf(path: string): number | null {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { readonly global_step?: number }).global_step ?? null
  } catch {
    // Missing, or torn by a kill: this checkpoint is not whole.
    return null
  }
}
