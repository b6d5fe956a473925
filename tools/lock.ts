// Completes package-lock.json after `npm install`: node tools/lock.ts
// A registry mirror may lack the platform packages of machines it does not serve; npm then leaves them out of the lock
// without a word, and `npm ci` refuses the lock as out of step everywhere. They are named here by what their parents ask.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Entry {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> }
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32']

let added = 0
for (const [where, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${where}/node_modules/${name}`]) continue
    const words = name.split(/[/-]/)
    const os = words.filter(word => systems.includes(word))
    const cpu = words.filter(word => processors.includes(word))
    // Only packages for one platform can be left out without harm.
    if (os.length !== 1 || !/^\d+\.\d+\.\d+$/.test(version)) continue
    const libc = words.includes('musl')
      ? ['musl']
      : words.some(word => word === 'glibc' || word === 'gnu')
        ? ['glibc']
        : undefined
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(entry.dev ? { dev: true } : {}),
      ...(libc ? { libc } : {}),
      optional: true,
      os,
    }
    added++
  }
}
const root = lock.packages['']!
const sorted = Object.entries(lock.packages)
  .filter(([where]) => where !== '')
  .sort(([a], [b]) => (a < b ? -1 : 1))
lock.packages = { '': root, ...Object.fromEntries(sorted) }
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added === 0 ? 'the lock is complete' : `${added} platform packages added to the lock`)
