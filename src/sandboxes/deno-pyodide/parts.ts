import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SandboxError } from '../../errors.ts'

/** Where the third-party parts lie, and their versions. */
export interface Parts {
  /** Deno's own binary, not the script that starts it. */
  readonly deno: string
  readonly denoVersion: string
  readonly pyodideFolder: string
  readonly pyodideVersion: string
  readonly pythonVersion: string
}

/** Our own files, `.ts` from the sources and `.js` from the built package. Deno runs both. */
export const ownFiles = {
  guest: fileURLToPath(new URL(`guest${extname(import.meta.url)}`, import.meta.url)),
  protocol: fileURLToPath(new URL(`protocol${extname(import.meta.url)}`, import.meta.url)),
  driver: fileURLToPath(new URL('driver.py', import.meta.url)),
}

const mend = 'Install them beside codesteer: npm i deno pyodide'
const neededOfPyodide = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json']

/**
 * Finds Deno's binary and Pyodide's folder by package resolution from `from` (a file URL), never on the PATH. Starts
 * nothing. Throws a SandboxError that says what is missing.
 */
export function findParts(from: string = import.meta.url): Parts {
  const denoPackage = locate(from, 'deno')
  const platform = platformPackage()
  const binaryPackage = locate(denoPackage, platform)
  const deno = join(dirname(binaryPackage), process.platform === 'win32' ? 'deno.exe' : 'deno')
  if (!existsSync(deno)) throw new SandboxError(`${platform} holds no deno binary`, mend)
  const pyodidePackage = locate(from, 'pyodide')
  const pyodideFolder = dirname(pyodidePackage)
  const missing = neededOfPyodide.filter(name => !existsSync(join(pyodideFolder, name)))
  if (missing.length > 0) throw new SandboxError(`the package pyodide lacks ${missing.join(', ')}`, mend)
  return {
    deno,
    denoVersion: versionIn(binaryPackage),
    pyodideFolder,
    pyodideVersion: versionIn(pyodidePackage),
    pythonVersion: pythonVersionIn(join(pyodideFolder, 'pyodide-lock.json')),
  }
}

/** The real path of a package's package.json. */
function locate(from: string, name: string): string {
  try {
    return realpathSync(createRequire(from).resolve(`${name}/package.json`))
  } catch (cause) {
    throw new SandboxError(`the package ${name} is not installed`, mend, { cause })
  }
}

/** Deno's naming: `@deno/linux-x64-glibc`. There is none for musl; npm then leaves it out and we say so. */
function platformPackage(): string {
  return `@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`
}

function versionIn(packageJson: string): string {
  return String((JSON.parse(readFileSync(packageJson, 'utf8')) as { version?: unknown }).version)
}

function pythonVersionIn(lockFile: string): string {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as { info?: { python?: unknown } }
  return String(lock.info?.python ?? '3')
}
