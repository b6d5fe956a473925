import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * The host's side of the hostile suite: things that must stay untouched, and how to see that they were. Permissions are
 * as open as can be, and the bystander runs as the very user that sandboxes drop to, so that only the walls protect them.
 */
export class Witness {
  readonly secret = `secret-${randomUUID()}`
  readonly folder = join(tmpdir(), `codesteer-hostile-${randomUUID().slice(0, 8)}`)
  readonly secretFile = join(this.folder, 'secret.txt')
  readonly marker = join(this.folder, 'marker')
  readonly socketPath = join(this.folder, 'socket')
  readonly abstract = `codesteer-${randomUUID()}`
  /** What reached the listeners. */
  readonly heard: string[] = []
  #servers: Server[] = []
  #datagrams: Socket | undefined
  #bystander: ChildProcess | undefined
  #port = 0

  async start(): Promise<void> {
    mkdirSync(this.folder)
    chmodSync(this.folder, 0o777)
    writeFileSync(this.secretFile, this.secret)
    process.env.HOSTILE_SECRET = this.secret
    this.#port = await this.#listen({ host: '127.0.0.1', port: 0 }, 'tcp')
    await this.#listen({ path: this.socketPath }, 'unix')
    chmodSync(this.socketPath, 0o777)
    if (process.platform === 'linux') await this.#listen({ path: `\0${this.abstract}` }, 'abstract')
    this.#datagrams = createSocket('udp4', message => this.heard.push(`udp: ${message}`))
    await new Promise<void>(resolve => this.#datagrams?.bind(this.#port, '127.0.0.1', resolve))
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    this.#bystander = spawn('sleep', ['3600'], {
      env: { HOSTILE_SECRET: this.secret },
      stdio: 'ignore',
      cwd: '/',
      ...user,
    })
  }

  async stop(): Promise<void> {
    delete process.env.HOSTILE_SECRET
    this.#bystander?.kill('SIGKILL')
    this.#datagrams?.close()
    await Promise.all(this.#servers.map(server => new Promise(resolve => server.close(resolve))))
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The line in front of every program that tells it where the host's treasures are: no secret is kept by hiding. */
  prologue(): string {
    const names = {
      HOST_SECRET: this.secretFile,
      HOST_FOLDER: this.folder,
      HOST_MARKER: this.marker,
      HOST_SOCKET: this.socketPath,
      HOST_ABSTRACT: this.abstract,
      HOST_PORT: this.#port,
      HOST_PID: process.pid,
      HOST_BYSTANDER: this.#bystander?.pid ?? 0,
    }
    return `${Object.entries(names)
      .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
      .join('; ')}\n`
  }

  /** Everything that a run has done to the host; empty when it was contained. */
  complaints(): string[] {
    const said: string[] = this.heard.map(what => `a listener was reached: ${what}`)
    if (existsSync(this.marker)) said.push('the marker file was written')
    if (readFileSync(this.secretFile, 'utf8') !== this.secret) said.push('the secret file was changed')
    const files = readdirSync(this.folder).sort().join(' ')
    if (files !== 'secret.txt socket') said.push(`the folder holds: ${files}`)
    if (this.#bystander?.exitCode !== null || this.#bystander.signalCode !== null) said.push('the bystander was killed')
    return said
  }

  async #listen(where: { host?: string; port?: number; path?: string }, name: string): Promise<number> {
    const server = createServer(socket => {
      this.heard.push(name)
      socket.on('error', () => {})
      socket.destroy()
    })
    this.#servers.push(server)
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(where, resolve))
    const address = server.address()
    return typeof address === 'object' && address ? address.port : 0
  }
}

/** The living descendants of this process, without the zombies and the named ones; empty where there is no /proc. */
export function descendants(): { pid: number; command: string }[] {
  if (!existsSync('/proc/self/stat')) return []
  const rows = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8')
        const [, command = '', state, parent] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(text) ?? []
        return state === 'Z' ? [] : [{ pid: Number(name), command, parent: Number(parent) }]
      } catch {
        return [] // It ended while we read.
      }
    })
  const found = new Set([process.pid])
  for (let before = 0; before !== found.size; ) {
    before = found.size
    for (const row of rows) if (found.has(row.parent)) found.add(row.pid)
  }
  found.delete(process.pid)
  return rows.filter(row => found.has(row.pid)).map(({ pid, command }) => ({ pid, command }))
}
