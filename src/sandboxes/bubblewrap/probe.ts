import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Availability } from '../../sandbox.ts'
import { interpreter } from './arguments.ts'
import { filterArchitecture } from './seccomp.ts'

const install = 'Install it: apt-get install bubblewrap python3 (or your distribution’s packages of these names).'

/** Whether programs can be run here under bubblewrap, by trying each part in turn. `bwrap`: the command, for tests. */
export async function probeBubblewrap(bwrap = 'bwrap', python = interpreter): Promise<Availability> {
  if (process.platform !== 'linux') {
    return no(`bubblewrap needs Linux, this is ${process.platform}`, 'Use the deno-pyodide or docker sandbox here.')
  }
  if (!filterArchitecture(process.arch)) {
    return no(`there is no system-call filter for ${process.arch}`, 'Use the deno-pyodide or docker sandbox here.')
  }
  const version = await tell(bwrap, ['--version'])
  if (!version.ok) return no(`${bwrap} does not run: ${version.text}`, install)
  const found = await tell(python, ['-I', '-c', listing])
  if (!found.ok) return no(`${python} does not run: ${found.text}`, install)
  const [release = '', ...packages] = found.text.split(' ')
  if (!atLeast(release, 3, 9)) return no(`${python} is ${release}; 3.9 or newer is needed`, install)
  const tried = await tell(bwrap, ['--unshare-all', '--cap-add', 'CAP_SYS_ADMIN', '--ro-bind', '/', '/', python, '-V'])
  if (!tried.ok) return no(`bubblewrap cannot make namespaces: ${tried.text}`, namespaceMend())
  return {
    available: true,
    version: `${version.text}, python ${release}${packages.length > 0 ? ` with ${packages.join(', ')}` : ''}`,
  }
}

/** The interpreter's release and which of the well-known packages it can import, without importing them. */
const listing = [
  'import sys, importlib.util as u',
  "found = [n for n in ('sympy', 'numpy', 'scipy', 'networkx', 'z3') if u.find_spec(n)]",
  "print('.'.join(map(str, sys.version_info[:3])), *found)",
].join('\n')

function no(why: string, mend: string): Availability {
  return { available: false, why, mend }
}

function atLeast(release: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = release.split('.').map(Number)
  return a > major || (a === major && b >= minor)
}

/** Known switches by which systems forbid namespaces to ordinary users; what to type for the one that is set. */
function namespaceMend(): string {
  if (sysctl('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return 'AppArmor forbids them (Ubuntu 24.04 does by default): sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or give bwrap an AppArmor profile with `userns`.'
  }
  if (sysctl('kernel/unprivileged_userns_clone') === '0') {
    return 'Allow them: sudo sysctl -w kernel.unprivileged_userns_clone=1'
  }
  if (sysctl('user/max_user_namespaces') === '0') {
    return 'Allow them: sudo sysctl -w user.max_user_namespaces=15000'
  }
  return 'Inside a container, start it so that user namespaces are allowed (docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined), or use the deno-pyodide sandbox.'
}

function sysctl(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Runs a command as the user that the sandbox will run as; its output, or why it failed, on one line. */
function tell(command: string, args: readonly string[]): Promise<{ ok: boolean; text: string }> {
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const options = { timeout: 10_000, env: { PATH: process.env.PATH ?? '/usr/bin:/bin' }, cwd: '/', ...user }
  return new Promise(resolve => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const text = (error ? stderr || error.message : stdout).trim().split('\n').at(-1) ?? ''
      resolve({ ok: !error, text })
    })
  })
}
