import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * A memory control group for one sandbox: bounds the sum over all its processes, which RLIMIT_AS, counted per process,
 * cannot. Works with version 2 where our group was delegated to us with the memory controller, and with version 1 where
 * we may create groups (usually as root). Elsewhere `createMemoryGroup` answers undefined and the bound is the process
 * limit times the address-space limit.
 */
export interface MemoryGroup {
  /** Puts a process, and so whatever it starts from now on, into the group. */
  add(pid: number): void
  setLimit(bytes: number): void
  /** How many processes the kernel has killed in this group for want of memory. */
  kills(): number
  /** Removes the group; its processes must be gone. */
  remove(): void
}

interface Layout {
  readonly limit: string
  readonly swapLimit: { readonly file: string; readonly value: (bytes: number) => number }
  readonly events: string
}

const version2: Layout = {
  limit: 'memory.max',
  swapLimit: { file: 'memory.swap.max', value: () => 0 },
  events: 'memory.events',
}
const version1: Layout = {
  limit: 'memory.limit_in_bytes',
  swapLimit: { file: 'memory.memsw.limit_in_bytes', value: bytes => bytes },
  events: 'memory.oom_control',
}

const prefix = 'codesteer-'
let count = 0

/** A new group beside or below our own, or undefined where we may not make one. `root`: the cgroup mount, for tests. */
export function createMemoryGroup(root = '/sys/fs/cgroup'): MemoryGroup | undefined {
  for (const { parent, layout } of candidates(root)) {
    const path = join(parent, `${prefix}${process.pid}-${++count}`)
    try {
      removeStale(parent)
      mkdirSync(path)
    } catch {
      continue // Not ours to write: the next candidate, or none.
    }
    if (existsSync(join(path, layout.limit))) return new Group(path, layout)
    rmdirSync(path)
  }
  return undefined
}

function candidates(root: string): { parent: string; layout: Layout }[] {
  const lines = readOr('/proc/self/cgroup', '').trim().split('\n')
  const found: { parent: string; layout: Layout }[] = []
  for (const line of lines) {
    const [, controllers = '', own = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    if (controllers === '') {
      const group = join(root, own)
      for (const parent of [group, dirname(group)]) {
        const passedOn = readOr(join(parent, 'cgroup.subtree_control'), '').split(/\s+/)
        if (passedOn.includes('memory')) found.push({ parent, layout: version2 })
      }
    } else if (controllers.split(',').includes('memory')) {
      found.push({ parent: join(root, 'memory', own), layout: version1 })
    }
  }
  return found
}

/** Groups of processes that were killed before they could remove them. */
function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^codesteer-(\d+)-\d+$/.exec(name)?.[1])
    if (!pid || existsSync(`/proc/${pid}`)) continue
    try {
      rmdirSync(join(parent, name))
    } catch {
      // Another process of ours was quicker, or something in it still ends; the next start tries again.
    }
  }
}

class Group implements MemoryGroup {
  readonly #path: string
  readonly #layout: Layout
  #limit = 0

  constructor(path: string, layout: Layout) {
    this.#path = path
    this.#layout = layout
  }

  add(pid: number): void {
    writeFileSync(join(this.#path, 'cgroup.procs'), String(pid))
  }

  setLimit(bytes: number): void {
    if (bytes === this.#limit) return
    // Version 1 wants limit <= memory+swap at every moment: lift the outer one first when growing.
    const steps = [() => this.#write(this.#layout.limit, bytes), () => this.#writeSwap(bytes)]
    if (bytes > this.#limit && this.#limit > 0) steps.reverse()
    for (const step of steps) step()
    this.#limit = bytes
  }

  kills(): number {
    return Number(/^oom_kill (\d+)$/m.exec(readOr(join(this.#path, this.#layout.events), ''))?.[1] ?? 0)
  }

  remove(): void {
    try {
      rmdirSync(this.#path)
    } catch {
      // The kernel may still be counting the last process out; the next start sweeps it (removeStale).
    }
  }

  #write(file: string, bytes: number): void {
    writeFileSync(join(this.#path, file), String(bytes))
  }

  #writeSwap(bytes: number): void {
    const { file, value } = this.#layout.swapLimit
    // Absent on kernels without swap accounting.
    if (existsSync(join(this.#path, file))) this.#write(file, value(bytes))
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}
