import { InputError } from '../../errors.ts'
import { loadAll } from '../../registry.ts'
import { findPython, installMend, missing, type PythonFound } from '../../training/launch/_shared/python.ts'
import type { TrainerKind } from '../../training/launch/_shared/trainer.ts'

/** What is here for training a coach. */
export interface TrainingFinding {
  /** As it is called, with its version; null when there is none. */
  readonly python: string | null
  /** Package to version; null for what is not installed. */
  readonly packages: Readonly<Record<string, string | null>>
  readonly trainers: readonly {
    readonly name: string
    readonly available: boolean
    /** Versions when available, what is missing when not. */
    readonly why: string
    readonly mend: string | null
  }[]
}

/** Looks at the Python that training would take, without importing anything of it. */
export async function describeTraining(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<TrainingFinding> {
  const kinds = await loadAll<TrainerKind>('training/launch')
  const needs = (kind: TrainerKind) => kind.needs({ gpus: 1, distributed: 'ddp', lora: true })
  const trl = kinds.find(({ name }) => name === 'trl')!
  let python: PythonFound | null = null
  let noPython = ''
  try {
    python = await findPython(needs(trl), undefined, environment, folder)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    noPython = error.message
  }
  return {
    python: python && `${python.path} ${python.version}`,
    packages: python?.packages ?? {},
    trainers: kinds.map(kind => {
      const gaps = python ? missing(python, needs(kind)) : needs(kind)
      const available = gaps.length === 0
      const versions = needs(kind).map(name => `${name} ${python?.packages[name]}`)
      return {
        name: kind.name,
        available,
        why: available ? versions.join(', ') : noPython || `missing: ${gaps.join(', ')}`,
        mend: available ? null : installMend(python, kind.install),
      }
    }),
  }
}
