import { lstatSync, readlinkSync } from 'node:fs'

/** Where the guest's source appears inside; the host hands it over on file descriptor 3. */
export const guestPath = '/guest.py'
export const guestDescriptor = 3
/** bubblewrap tells the process id of the guest, as the host sees it, on this one. */
export const infoDescriptor = 4

/** The interpreter lies in the system tree that the sandbox sees; another one on PATH would not. */
export const interpreter = '/usr/bin/python3'

const trees = ['/usr/bin', '/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libexec', '/usr/share/zoneinfo']
const links = ['/bin', '/lib', '/lib32', '/lib64', '/sbin']
const files = ['/etc/alternatives', '/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d']
const devices = ['null', 'zero', 'full', 'random', 'urandom']

/** Everything that a program finds in its environment. */
const environment = {
  PATH: '/usr/bin:/bin',
  HOME: '/tmp',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  // Sets of strings print in the same order on every run.
  PYTHONHASHSEED: '0',
  PYTHONDONTWRITEBYTECODE: '1',
  // Each would start a thread for every core of the host.
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
}

/**
 * The command line that builds the sandbox. `--dev` is avoided: it brings a writable tree, terminals, and a second user
 * namespace in which the guest could not mount its bounded scratch. `--as-pid-1` leaves no unfiltered process inside.
 * The one capability is over the sandbox's own user namespace; the guest gives it up before the first program.
 */
export function bwrapArguments(): string[] {
  return [
    ...['--unshare-all', '--as-pid-1', '--die-with-parent', '--new-session', '--clearenv', '--hostname', 'sandbox'],
    ...['--cap-drop', 'ALL', '--cap-add', 'CAP_SYS_ADMIN'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...trees.flatMap(path => ['--ro-bind-try', path, path]),
    ...links.flatMap(mirrorLink),
    ...files.flatMap(path => ['--ro-bind-try', path, path]),
    ...['--proc', '/proc', '--tmpfs', '/dev'],
    ...devices.flatMap(name => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...['--symlink', '/proc/self/fd', '/dev/fd', '--dir', '/dev/shm', '--dir', '/tmp'],
    ...['--ro-bind-data', String(guestDescriptor), guestPath, '--info-fd', String(infoDescriptor)],
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/'],
    ...['--', interpreter, '-s', guestPath],
  ]
}

/** `/bin` and its like are links into /usr on merged systems and directories on others. */
function mirrorLink(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return []
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]
}
