import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodeSteerError, InputError } from '../../errors.ts'
import { load } from '../../registry.ts'
import { findPython, installMend, missing } from '../../training/launch/_shared/python.ts'
import type { TrainerKind } from '../../training/launch/_shared/trainer.ts'
import type { CliContext } from './context.ts'
import { refusalIn } from './train-command.ts'

const scripts = fileURLToPath(new URL('../../../python/', import.meta.url))

/** Starts one of the scripts in `python/`. Throws InputError when the packages are missing. */
export async function startScript(
  script: string,
  args: readonly string[],
  needed: readonly string[],
  named: string | undefined,
  { environment }: CliContext,
): Promise<ChildProcess> {
  const python = await findPython(needed, named, environment, process.cwd())
  const gaps = missing(python, needed)
  if (gaps.length > 0) {
    const trl = await load<TrainerKind>('training/launch', 'trl')
    throw new InputError(
      `${python.path} (Python ${python.version}, from ${python.from}) has no ${gaps.join(', ')}`,
      `${installMend(python, trl.install)}   Look: codesteer doctor`,
    )
  }
  return spawn(python.path, [join(scripts, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
  })
}

/** Runs a script to its end and gives what it printed. Throws what it refused as InputError, a failure with its last lines. */
export async function runScript(
  script: string,
  args: readonly string[],
  needed: readonly string[],
  named: string | undefined,
  context: CliContext,
): Promise<string> {
  const child = await startScript(script, args, needed, named, context)
  const end = () => void child.kill('SIGTERM')
  context.signal.addEventListener('abort', end, { once: true })
  let [out, err] = ['', '']
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  context.signal.removeEventListener('abort', end)
  context.signal.throwIfAborted()
  if (code === 0) return out
  const lines = err.trim().split('\n')
  throw (
    refusalIn(lines) ??
    new CodeSteerError(
      'provider',
      `${script} ended with ${code}:\n${lines.slice(-8).join('\n')}`,
      'Look: codesteer doctor',
    )
  )
}
