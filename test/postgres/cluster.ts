import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A throw-away PostgreSQL of the tests' own. */
export interface Cluster {
  /** Address of a new, empty database; it has a password in it, so that tests can look for it where it must not be. */
  database(): string
  /** Takes the server down at once, as a crash would, or brings it up again. */
  crash(): void
  start(): void
  stop(): void
}

/** The folder with `initdb`, or null where PostgreSQL is not installed. */
export function postgresPrograms(): string | null {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map(version => join(base, version, 'bin')), '/usr/bin', '/usr/local/bin']
  return folders.find(folder => existsSync(join(folder, 'initdb'))) ?? null
}

/** Why the tests on PostgreSQL cannot run here; null when they can. On CI a missing PostgreSQL is a failure. */
export function missingPostgres(): string | null {
  if (postgresPrograms() !== null) return null
  const why = 'PostgreSQL is not installed (Debian: apt-get install postgresql)'
  if (process.env.CI) throw new Error(`${why}, and on CI its tests must run`)
  return why
}

/** initdb refuses root: then the server runs as an unprivileged user. */
function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line = ['postgres', 'nobody'].map(name => users.find(user => user.startsWith(`${name}:`))).find(Boolean)
  const [, , uid, gid] = line!.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

export const password = 'pass-word-7h1s-must-not-be-seen'

/** Makes and starts a server that listens on a unix socket in its own folder. */
export function startCluster(): Cluster {
  const programs = postgresPrograms()!
  const user = serverUser()
  const folder = mkdtempSync(join(tmpdir(), 'pg-'))
  const data = join(folder, 'data')
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!)
  chmodSync(folder, 0o755)
  const run = (program: string, args: string[]) =>
    execFileSync(join(programs, program), args, {
      ...user,
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  run('initdb', ['-D', data, '-U', 'tester', '-A', 'trust', '-E', 'UTF8', '--no-sync'])
  // fsync stays on, as it is in earnest.
  const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c max_connections=60 -c shared_buffers=32MB`
  const start = () => run('pg_ctl', ['-D', data, '-w', '-t', '30', '-l', join(folder, 'log'), '-o', settings, 'start'])
  start()
  let count = 0
  return {
    database() {
      const name = `test_${process.pid}_${++count}`
      run('psql', ['-h', folder, '-U', 'tester', '-d', 'postgres', '-q', '-c', `CREATE DATABASE ${name}`])
      return `postgres://tester:${password}@/${name}?host=${folder}`
    },
    crash: () => run('pg_ctl', ['-D', data, '-w', '-m', 'immediate', 'stop']),
    start: () => void start(),
    stop() {
      spawnSync(join(programs, 'pg_ctl'), ['-D', data, '-w', '-m', 'immediate', 'stop'], { ...user, cwd: folder })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
