import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, SandboxError } from '../../errors.ts'
import { sha256 } from '../../util/hash.ts'
import { asPermission, launch } from './launch.ts'
import { ownFiles, type Parts } from './parts.ts'
import { snapshotHeaderBytes } from './protocol.ts'

/** A verified snapshot on disk. `dispose` removes it when it could not be put into the cache. */
export interface Snapshot {
  readonly path: string
  dispose(): Promise<void>
}

/** Making one takes 2 to 5 s alone; more than this means that it hangs. */
const makeTimeoutMs = 120_000

/**
 * The memory snapshot of a booted interpreter, from the cache folder, or made now: missing, broken and outdated ones
 * are replaced. The file is SHA-256 of the rest, then the snapshot; it appears whole or not at all. Where the folder
 * cannot be written a private temporary one serves. Throws a SandboxError when Deno cannot make one.
 */
export async function prepareSnapshot(
  parts: Parts,
  cacheFolder: string,
  options: { fresh?: boolean } = {},
): Promise<Snapshot> {
  const driver = await readFile(ownFiles.driver, 'utf8')
  const guest = await readFile(ownFiles.guest, 'utf8')
  const key = sha256(`${driver}\n${guest}`).slice(0, 12)
  const name = `deno-pyodide-${parts.denoVersion}-${parts.pyodideVersion}-${process.arch}-${key}.snapshot`
  const path = join(cacheFolder, name)
  const kept: Snapshot = { path, dispose: async () => undefined }
  if (!options.fresh && !path.includes(',') && (await isWhole(path))) return kept
  const bytes = await makeSnapshot(parts)
  try {
    asPermission(path)
    await mkdir(cacheFolder, { recursive: true, mode: 0o700 })
    await writeWhole(path, bytes)
    return kept
  } catch {
    // Read-only home, full disk, a file where the folder should be, a name Deno cannot take: the snapshot then lives as long as this sandbox.
    const folder = await mkdtemp(join(tmpdir(), 'codesteer-snapshot-'))
    const passing = join(folder, name)
    await writeWhole(passing, bytes)
    return { path: passing, dispose: () => rm(folder, { recursive: true, force: true }) }
  }
}

async function isWhole(path: string): Promise<boolean> {
  try {
    const file = await readFile(path)
    const body = file.subarray(snapshotHeaderBytes)
    return body.length > 0 && digest(body).equals(file.subarray(0, snapshotHeaderBytes))
  } catch {
    // Missing or unreadable: both mean that one has to be made.
    return false
  }
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const passing = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const file = await open(passing, 'wx', 0o600)
    try {
      await file.write(digest(bytes))
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(passing, path)
  } catch (error) {
    await rm(passing, { force: true })
    throw error
  }
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Boots Pyodide from nothing inside Deno and takes its memory. */
async function makeSnapshot(parts: Parts): Promise<Buffer> {
  const child = launch(parts, ['snapshot', parts.pyodideFolder, ownFiles.driver], { readable: [ownFiles.driver] })
  const chunks: Buffer[] = []
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)))
  child.stdin.on('error', () => undefined)
  child.stdin.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), makeTimeoutMs)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (code !== 0 || chunks.length === 0) throw new Error(complaint.trim() || `deno ended with status ${code}`)
  } catch (cause) {
    const fact = `the memory snapshot of Pyodide could not be made: ${messageOf(cause)}`
    throw new SandboxError(fact, 'Reinstall the two packages: npm i deno pyodide', { cause })
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}
