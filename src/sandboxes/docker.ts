import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { SandboxError } from '../errors.ts'
import type { Availability, RunRequest, RunResult, Sandbox, SandboxKind } from '../sandbox.ts'
import { limitsOf, type RunLimits, refusalOf } from './_shared/limits.ts'
import { runLimited, withMemoryOutcome } from './_shared/process.ts'
import { Turns } from './_shared/turns.ts'

/*
 * How this file is exercised: its tests drive it with a stand-in `docker` script on PATH that records its arguments and
 * plays the daemon's part. The isolation itself is Docker's; the hostile suite runs on it wherever a real daemon answers.
 */

const name = 'docker'
const imageVariable = 'CODESTEER_DOCKER_IMAGE'
const defaultImage = 'python:3-slim'

/** Runs inside: takes the program off the front of stdin, byte by exact byte, and leaves the rest to the program. */
const launcher = `
import os, sys
def take(n):
    data = b""
    while len(data) < n:
        piece = os.read(0, n - len(data))
        if not piece: sys.exit("no program came")
        data += piece
    return data
source = take(int(take(10)))
path = os.path.abspath("main.py")
with open(path, "wb") as file: file.write(source)
os.execv(sys.executable, [sys.executable, "-u", path])
`

/** The command line of one run: the arguments after `docker` or `podman`. */
export function containerArguments(container: string, image: string, limits: RunLimits): string[] {
  return [
    ...['run', '--rm', '--interactive', '--name', container, '--init', '--pull', 'never'],
    ...['--network', 'none', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--pids-limit', '64', '--memory', String(limits.memoryBytes), '--memory-swap', String(limits.memoryBytes)],
    ...['--ulimit', 'core=0', '--ulimit', 'nofile=64', '--ulimit', 'fsize=16777216'],
    ...[
      '--user',
      '65534:65534',
      '--tmpfs',
      '/tmp:rw,nosuid,nodev,size=64m,mode=1777,nr_inodes=4096',
      '--workdir',
      '/tmp',
    ],
    ...['--ipc', 'none', '--hostname', 'sandbox', '--env', 'HOME=/tmp', '--env', 'LANG=C.UTF-8'],
    ...[image, 'python3', '-I', '-c', launcher],
  ]
}

/** What the containers run in: the command that answers, and the image. */
interface Engine {
  readonly command: string
  readonly image: string
  readonly version: string
}

class DockerSandbox implements Sandbox {
  readonly name = name
  readonly #engine: Engine
  readonly #turns: Turns
  readonly #closing = new AbortController()

  constructor(engine: Engine, parallel: number) {
    this.#engine = engine
    this.#turns = new Turns(parallel)
  }

  async run(request: RunRequest): Promise<RunResult> {
    const limits = limitsOf(request)
    const signal = request.signal ? AbortSignal.any([request.signal, this.#closing.signal]) : this.#closing.signal
    signal.throwIfAborted()
    const refusal = refusalOf(request.source)
    if (refusal) return refusal
    return this.#turns.take(() => this.#runContainer(request, limits, signal), signal)
  }

  async close(): Promise<void> {
    this.#closing.abort(new SandboxError('the sandbox was closed', 'Open another one.'))
    await this.#turns.quiet()
  }

  async #runContainer(request: RunRequest, limits: RunLimits, signal: AbortSignal): Promise<RunResult> {
    const { command, image } = this.#engine
    const container = `codesteer-${randomUUID()}`
    const source = Buffer.from(request.source)
    const length = String(source.length).padStart(10, '0')
    const result = await runLimited({
      command,
      args: containerArguments(container, image, limits),
      env: clientEnvironment(),
      cwd: '/',
      stdin: Buffer.concat([Buffer.from(length), source, Buffer.from(request.stdin ?? '')]),
      limits,
      signal,
      // Killing the client leaves the container running.
      onStop: () => killContainer(command, container),
    })
    return interpret(result, command)
  }
}

/** Kills a container that may be only about to start: a stop can come before the daemon knows its name. */
async function killContainer(command: string, container: string): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) {
    if ((await ask(command, ['kill', container])).ok) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  await ask(command, ['rm', '--force', container])
}

/** The engine's own failures have exit codes of their own; 137 is a kill that was not ours: memory. */
function interpret(result: RunResult, command: string): RunResult {
  if (result.outcome !== 'finished') return result
  if (result.exitCode === 125) {
    throw new SandboxError(
      `${command} could not start the container: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
      `Try it by hand: ${command} run --rm ${process.env[imageVariable] ?? defaultImage} python3 -V`,
    )
  }
  if (result.exitCode === 137) return { ...result, outcome: 'out-of-memory', exitCode: null }
  return withMemoryOutcome(result)
}

/** What the client needs to find its daemon; none of it enters the container. */
function clientEnvironment(): Record<string, string> {
  const wanted = ['PATH', 'HOME', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR', 'CONTAINER_HOST']
  return Object.fromEntries(wanted.flatMap(key => (process.env[key] ? [[key, process.env[key]]] : [])))
}

/** How each engine is asked for its version in a way that fails when it cannot run containers. */
const engines = {
  docker: ['version', '--format', '{{.Server.Version}}'],
  podman: ['info', '--format', '{{.Version.Version}}'],
}

async function findEngine(): Promise<Engine | (Availability & { available: false })> {
  const image = process.env[imageVariable] ?? defaultImage
  const failures: string[] = []
  for (const [command, question] of Object.entries(engines)) {
    const version = await ask(command, question)
    if (!version.ok) {
      failures.push(`${command}: ${version.text}`)
      continue
    }
    const present = await ask(command, ['image', 'inspect', '--format', '{{.Id}}', image])
    if (present.ok) return { command, image, version: `${command} ${version.text}, image ${image}` }
    return {
      available: false,
      why: `${command} runs, but the image ${image} is not on this machine`,
      mend: `Fetch it: ${command} pull ${image}, or name another in ${imageVariable}.`,
    }
  }
  return {
    available: false,
    why: `no container engine answers (${failures.join('; ')})`,
    mend: 'Install Docker or Podman and start its daemon (systemctl start docker).',
  }
}

function ask(command: string, args: readonly string[]): Promise<{ ok: boolean; text: string }> {
  return new Promise(resolve => {
    execFile(command, args, { timeout: 10_000, env: clientEnvironment() }, (error, stdout, stderr) => {
      const missing = error && 'code' in error && String(error.code) === 'ENOENT'
      const text = missing ? 'not installed' : (error ? stderr || error.message : stdout).trim()
      resolve({ ok: !error, text: text.split('\n').at(-1) ?? '' })
    })
  })
}

/** One container for each run, of an image that has python3. */
const docker: SandboxKind = {
  name,
  about: 'one Docker or Podman container for each run',
  isolates: {
    network: 'no network interface (--network none)',
    files: 'the image, read-only; 64 MB of scratch in /tmp; nothing of the host',
    environment: 'the image’s own and HOME, LANG',
    processes: 'own process namespace, unprivileged user, no capabilities, at most 64 processes and threads',
    memory: 'memory control group over all its processes, no swap',
    time: 'the container is killed at the wall-clock limit, in which its start is counted',
  },
  preference: 3,
  probe: async () => {
    const found = await findEngine()
    return 'command' in found ? { available: true, version: found.version } : found
  },
  open: async (options = {}) => {
    const found = await findEngine()
    if (!('command' in found)) throw new SandboxError(`the docker sandbox is not available: ${found.why}`, found.mend)
    return new DockerSandbox(found, Math.max(1, options.parallel ?? availableParallelism()))
  },
}

export default docker
