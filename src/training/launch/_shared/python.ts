import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InputError, messageOf } from '../../../errors.ts'

/** A Python interpreter and what it has of the packages that training needs. */
export interface PythonFound {
  /** As it is called. */
  readonly path: string
  readonly version: string
  /** Package to version, `unknown` for a checkout; null when there is none. */
  readonly packages: Readonly<Record<string, string | null>>
  /** Why this one was taken: `--python`, `CODESTEER_PYTHON`, … */
  readonly from: string
}

/** The packages that are looked for, by their names on the index. */
export const trainingPackages = [
  'torch',
  'transformers',
  'tokenizers',
  'trl',
  'peft',
  'datasets',
  'accelerate',
  'deepspeed',
  'llamafactory',
  'axolotl',
  'gguf',
] as const

/**
 * Reads the installed versions without importing anything: an import of torch alone takes seconds. A checkout on PYTHONPATH
 * serves as well, but has no version to tell.
 */
const probe = `
import importlib.metadata as m, importlib.util as u, json, platform, sys
def version(name):
    try: return m.version(name)
    except m.PackageNotFoundError: spec = u.find_spec(name)
    return "unknown" if spec and spec.origin else None
found = {name: version(name) for name in sys.argv[1:]}
print(json.dumps({"version": platform.python_version(), "packages": found}))
`

interface Candidate {
  readonly path: string
  readonly from: string
}

const insideOf = (environment: string) =>
  process.platform === 'win32' ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python')

/** The interpreters that come into question, the best first. One that was named is the only one. */
export function candidates(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Candidate[] {
  if (named) return [{ path: named, from: '--python' }]
  if (environment.CODESTEER_PYTHON) return [{ path: environment.CODESTEER_PYTHON, from: 'CODESTEER_PYTHON' }]
  const virtual = environment.VIRTUAL_ENV
  const own = insideOf(join(folder, '.venv'))
  return [
    ...(virtual ? [{ path: insideOf(virtual), from: 'VIRTUAL_ENV' }] : []),
    ...(existsSync(own) ? [{ path: own, from: '.venv' }] : []),
    { path: 'python3', from: 'PATH' },
  ]
}

/**
 * The first interpreter that has all the packages, else the first that runs at all, whose gaps are the caller's to tell.
 * Throws InputError when none runs.
 */
export async function findPython(
  needed: readonly string[],
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<PythonFound> {
  const problems: string[] = []
  let first: PythonFound | undefined
  for (const candidate of candidates(named, environment, folder)) {
    try {
      const found = await ask(candidate, environment)
      if (needed.every(name => found.packages[name])) return found
      first ??= found
    } catch (error) {
      problems.push(`${candidate.path} (${candidate.from}): ${messageOf(error).split('\n')[0]}`)
    }
  }
  if (first) return first
  throw new InputError(
    `no Python: ${problems.join('; ')}`,
    'Install Python 3.10 or newer, or name one with --python or CODESTEER_PYTHON.',
  )
}

const probeMs = 20_000

function ask(candidate: Candidate, environment: Readonly<Record<string, string | undefined>>): Promise<PythonFound> {
  return new Promise((resolve, reject) => {
    const args = ['-c', probe, ...trainingPackages]
    execFile(candidate.path, args, { env: environment, timeout: probeMs }, (error, stdout) => {
      if (error) return reject(error)
      try {
        resolve({ ...(JSON.parse(stdout) as Omit<PythonFound, 'path' | 'from'>), ...candidate })
      } catch {
        reject(new Error('it did not answer as Python does'))
      }
    })
  })
}

/** What is missing of the needed packages. */
export const missing = (python: PythonFound, needed: readonly string[]): string[] =>
  needed.filter(name => !python.packages[name])

/**
 * What to type to get a trainer's packages. The system's own Python takes none (PEP 668): there a virtual environment comes
 * first, in the working folder, where it is found without being named.
 */
export const installMend = (python: PythonFound | null, install: (python: string) => string): string =>
  python && python.from !== 'PATH'
    ? install(python.path)
    : `python3 -m venv .venv && ${install(join('.venv', 'bin', 'python'))}`
