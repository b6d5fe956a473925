/**
 * The guest: what runs inside Deno, with no permission but to read Pyodide, its own files and the snapshot. One process
 * serves one program.
 *
 *   snapshot <pyodide folder> <driver.py>   boots from nothing and writes the memory snapshot to stdout
 *   serve <pyodide folder> <snapshot>       boots, says that it waits, runs one program, says how it ended
 *
 * The nonce lives in this module's scope and the trailer is built before the program starts, so a program that talks
 * its way into JavaScript does not see it. If one could, it would only misreport its own result: another run has
 * another process and another nonce.
 */
import { endings, type GuestRequest, ready, scratchBytes, snapshotHeaderBytes, trailerBytes } from './protocol.ts'

interface Pipe {
  readSync(into: Uint8Array): number | null
  writeSync(bytes: Uint8Array): number
}
interface DenoHost {
  readonly args: readonly string[]
  readonly stdin: Pipe
  readonly stdout: Pipe
  readonly stderr: Pipe
  readonly permissions: { revokeSync(descriptor: { name: string }): unknown }
  readFileSync(path: string): Uint8Array
  readTextFileSync(path: string): string
  exit(code: number): never
}
interface FileNode {
  readonly contents: { readonly length: number } | null
}
type Resize = (node: FileNode, bytes: number) => void
interface Pyodide {
  readonly FS: {
    readonly filesystems: { readonly MEMFS: { expandFileStorage: Resize; resizeFileStorage: Resize } }
    readonly ErrnoError: new (errno: number) => Error
  }
  readonly ERRNO_CODES: Readonly<Record<string, number>>
  runPython(source: string): unknown
  setStdin(options: { read: (into: Uint8Array) => number; isatty: false }): void
  setStdout(options: { write: (bytes: Uint8Array) => number; isatty: false }): void
  setStderr(options: { write: (bytes: Uint8Array) => number; isatty: false }): void
  makeMemorySnapshot(): Uint8Array
}
interface WasmMemory {
  grow(pages: number): number
  readonly buffer: ArrayBufferLike
}
/** The driver's `run`: an exit status, plus 256 when the program ended by an uncaught MemoryError. */
type Run = (source: string) => number
interface Health {
  dying: boolean
  words: string
}
type Write = (bytes: Uint8Array) => number

const pageBytes = 65536
/** The program is done for and so is the interpreter: the status that CPython's own crash would leave. */
const crashStatus = 139

if (import.meta.main) await main((globalThis as unknown as { Deno: DenoHost }).Deno)

async function main(deno: DenoHost): Promise<void> {
  const [mode, folder, file] = deno.args
  if (!folder || !file) deno.exit(64)
  if (mode === 'snapshot') await makeSnapshot(deno, folder, file)
  else await serve(deno, folder, file)
}

async function boot(folder: string, options: Readonly<Record<string, unknown>>): Promise<Pyodide> {
  const root = folder.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/').replace('%3A', ':')
  const module = await import(`file://${root.startsWith('/') ? '' : '/'}${root}/pyodide.mjs`)
  // Nothing of JavaScript is offered to Python, and what Pyodide prints while loading is no program's output.
  const silent = () => undefined
  return module.loadPyodide({ indexURL: folder, jsglobals: {}, stdout: silent, stderr: silent, ...options })
}

async function makeSnapshot(deno: DenoHost, folder: string, driverPath: string): Promise<void> {
  const pyodide = await boot(folder, { _makeSnapshot: true })
  pyodide.runPython(`
import sys, types
driver = types.ModuleType('<sandbox>')
sys.modules['<sandbox>'] = driver
exec(compile(${JSON.stringify(deno.readTextFileSync(driverPath))}, '<sandbox>', 'exec'), driver.__dict__)
driver.settle()
del driver
`)
  writer(deno.stdout, deno.exit.bind(deno))(pyodide.makeMemorySnapshot())
  deno.exit(0)
}

async function serve(deno: DenoHost, folder: string, snapshotPath: string): Promise<void> {
  const exit = deno.exit.bind(deno)
  const toStdout = writer(deno.stdout, exit)
  const toStderr = writer(deno.stderr, exit)
  const receive = () => readRequest(deno.stdin, exit)
  const memory = limitMemory()
  const snapshot = deno.readFileSync(snapshotPath).subarray(snapshotHeaderBytes)
  const pyodide = await boot(folder, { _loadSnapshot: snapshot })
  const input = { bytes: new Uint8Array(0), at: 0 }
  pyodide.setStdin({ read: into => readInput(input, into), isatty: false })
  const health: Health = { dying: false, words: '' }
  // A dying interpreter dumps its stack to stdout, where it would pass for the program's words.
  pyodide.setStdout({ write: bytes => (health.dying ? lastWords(health, bytes) : toStdout(bytes)), isatty: false })
  pyodide.setStderr({ write: toStderr, isatty: false })
  limitScratch(pyodide)
  const run = pyodide.runPython(
    "import sys; driver = sys.modules.pop('<sandbox>'); driver.prepare(); driver.run",
  ) as Run
  closeDoors(deno, health)

  toStdout(Uint8Array.of(ready))
  const request = receive()
  input.bytes = new TextEncoder().encode(request.stdin)
  memory.ceilingBytes = request.memoryBytes
  const trailer = Uint8Array.from(
    { length: trailerBytes },
    (_, i) => Number.parseInt(request.nonce.slice(2 * i, 2 * i + 2), 16) || 0,
  )
  const status = execute(run, request.source, toStderr, health)
  trailer[16] = status > 255 ? endings.outOfMemory : endings.finished
  trailer[17] = status & 255
  toStderr(trailer)
  toStdout(trailer)
  exit(0)
}

/** Runs the program. What is thrown here is no Python exception: those the driver has turned into a status. */
function execute(run: Run, source: string, toStderr: Write, health: Health): number {
  try {
    return run(source)
  } catch (error) {
    const { name, status, message } = error as { name?: unknown; status?: unknown; message?: unknown }
    // os._exit, and emscripten's answer to a signal that the program sent to itself.
    if (name === 'Exit' && typeof status === 'number') return status & 255
    const why = name === 'RangeError' ? 'the call stack is exhausted (recursion too deep)' : String(message)
    const stack = health.words.split('\n').filter(line => !line.includes('File "<sandbox>"'))
    toStderr(new TextEncoder().encode(`Fatal Python error: ${why}\n${stack.join('\n')}`))
    return crashStatus
  }
}

function lastWords(health: Health, bytes: Uint8Array): number {
  health.words += new TextDecoder().decode(bytes)
  return bytes.length
}

/** Writes everything. Ends the process when nobody reads any more: the host is gone. */
function writer(pipe: Pipe, exit: (code: number) => never): Write {
  const write = pipe.writeSync.bind(pipe)
  return bytes => {
    try {
      for (let at = 0; at < bytes.length; ) at += write(at === 0 ? bytes : bytes.subarray(at))
    } catch {
      exit(1)
    }
    return bytes.length
  }
}

/** Waits for the request. At the end of stdin the host is gone or wants no run from us, and we end. */
function readRequest(stdin: Pipe, exit: (code: number) => never): GuestRequest {
  const read = (length: number): Uint8Array => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; ) at += stdin.readSync(bytes.subarray(at)) ?? exit(0)
    return bytes
  }
  const length = new DataView(read(4).buffer).getUint32(0, true)
  return JSON.parse(new TextDecoder().decode(read(length))) as GuestRequest
}

function readInput(input: { readonly bytes: Uint8Array; at: number }, into: Uint8Array): number {
  const part = input.bytes.subarray(input.at, input.at + into.length)
  into.set(part)
  input.at += part.length
  return part.length
}

/**
 * Puts a ceiling on WebAssembly memory, which would grow to 4 GB otherwise: the interpreter asks for every page through
 * this method, and a refusal becomes a MemoryError.
 */
function limitMemory(): { ceilingBytes: number } {
  const limit = { ceilingBytes: 2 ** 32 }
  const memory = (globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } }).WebAssembly.Memory
  const grow = memory.prototype.grow
  memory.prototype.grow = function (this: WasmMemory, pages: number): number {
    if (this.buffer.byteLength + pages * pageBytes > limit.ceilingBytes) throw new RangeError('memory ceiling')
    return grow.call(this, pages)
  }
  return limit
}

/** Files lie in JavaScript's memory, which the ceiling above does not cover: they get one of their own. */
function limitScratch(pyodide: Pyodide): void {
  const files = pyodide.FS.filesystems.MEMFS
  const noSpace = pyodide.ERRNO_CODES.ENOSPC ?? 51
  let leftBytes = scratchBytes
  const limited = (resize: Resize): Resize => {
    return (node, bytes) => {
      const before = node.contents?.length ?? 0
      if (bytes - before > leftBytes) throw new pyodide.FS.ErrnoError(noSpace)
      resize(node, bytes)
      leftBytes -= (node.contents?.length ?? 0) - before
    }
  }
  files.expandFileStorage = limited(files.expandFileStorage)
  files.resizeFileStorage = limited(files.resizeFileStorage)
}

/**
 * Gives up the last permission and takes away what JavaScript would offer. The revoking is final and Deno's; the
 * deleting only makes the way longer.
 */
function closeDoors(deno: DenoHost, health: Health): void {
  deno.permissions.revokeSync({ name: 'read' })
  const world = globalThis as unknown as Record<string, unknown>
  const doors = ['Deno', 'process', 'require', 'Worker', 'fetch', 'WebSocket', 'EventSource', 'WebSocketStream']
  const stores = ['localStorage', 'sessionStorage', 'caches', 'indexedDB', 'BroadcastChannel', 'navigator', 'prompt']
  for (const name of [...doors, ...stores, 'alert', 'confirm', 'close', 'global', 'Buffer']) delete world[name]
  // What ends an interpreter sets this, and fails without it.
  world.process = { exitCode: 0 }
  // Pyodide reports its own death here, at length and first; the stack that follows says it better.
  world.console = new Proxy({}, { get: () => () => void (health.dying = true) })
}
