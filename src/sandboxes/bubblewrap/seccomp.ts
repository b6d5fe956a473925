/**
 * The system-call filter as classic BPF bytes (linux/seccomp.h, linux/filter.h): a deny list, because CPython and the
 * C libraries below numpy use too many calls for an allow list that survives their next release. Namespaces, the
 * unprivileged user id and the missing capabilities are the walls; the filter takes away what they leave within reach:
 * sockets, tracing, new namespaces, keys, kernel interfaces with a history of faults, memory that no limit counts, and
 * every call by which one process could change another of its own user.
 */

/** [x64, arm64] call numbers; null where the architecture has no such call. Linux 6.12, asm/unistd_64.h and asm-generic. */
type Numbers = readonly [x64: number | null, arm64: number | null]

/** Calls that fail with EPERM. `seccomp.test.ts` compares the numbers with the kernel headers where they are installed. */
export const deniedCalls: Readonly<Record<string, Numbers>> = {
  // Sockets. `socketpair` stays: it reaches nobody else, and asyncio needs it.
  socket: [41, 198],
  // Looking into or steering other processes, the warm interpreter above all.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  setpriority: [141, 140],
  ioprio_set: [251, 30],
  sched_setscheduler: [144, 119],
  sched_setparam: [142, 118],
  sched_setattr: [314, 274],
  sched_setaffinity: [203, 122],
  // File systems and namespaces.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  statmount: [457, 457],
  listmount: [458, 458],
  unshare: [272, 97],
  setns: [308, 268],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  // Memory that outlives the process or that its limits do not count.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  semget: [64, 190],
  msgget: [68, 186],
  mq_open: [240, 180],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Kernel interfaces with a history.
  bpf: [321, 280],
  userfaultfd: [323, 282],
  perf_event_open: [298, 241],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  // The machine itself; refused by missing capabilities as well.
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  acct: [163, 89],
  syslog: [103, 116],
  personality: [135, 92],
  vhangup: [153, 58],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  uselib: [134, null],
}

/** Calls whose arguments decide. */
const clone: Numbers = [56, 220]
const clone3: Numbers = [435, 435]
const prlimit64: Numbers = [302, 261]
const ioctl: Numbers = [16, 29]

/** linux/sched.h: CLONE_NEWTIME cannot be asked of clone; the six others and CLONE_NEWCGROUP can. */
const namespaceFlags = 0x7e020000
const TIOCSTI = 0x5412
const TIOCLINUX = 0x541c

const auditArchitectures = { x64: 0xc000003e, arm64: 0xc00000b7 } as const
export type FilterArchitecture = keyof typeof auditArchitectures

/** The architecture's name when there is a filter for it. */
export function filterArchitecture(arch: string): FilterArchitecture | undefined {
  return arch in auditArchitectures ? (arch as FilterArchitecture) : undefined
}

const LOAD_WORD = 0x20
const JUMP_EQUAL = 0x15
const JUMP_AT_LEAST = 0x35
const JUMP_ANY_BIT = 0x45
const RETURN = 0x06

const ALLOW = 0x7fff0000
const ERRNO = 0x00050000
const KILL_PROCESS = 0x80000000
const EPERM = ERRNO | 1
/** glibc falls back from clone3 to clone, whose flags a filter can read, only on ENOSYS. */
const ENOSYS = ERRNO | 38

/** struct seccomp_data: nr at 0, arch at 4, 64-bit arguments from 16 on (low halves first on both architectures). */
const NUMBER = 0
const ARCHITECTURE = 4
const argument = (index: number) => 16 + 8 * index

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number]

/** The filter for one architecture, as the bytes of an array of struct sock_filter. */
export function seccompFilter(arch: FilterArchitecture): Buffer {
  const column = arch === 'x64' ? 0 : 1
  const program: Instruction[] = [
    [LOAD_WORD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, auditArchitectures[arch]],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD_WORD, 0, 0, NUMBER],
    // x32 calls carry bit 30 and would slip past every comparison below.
    [JUMP_AT_LEAST, 0, 1, 0x40000000],
    [RETURN, 0, 0, KILL_PROCESS],
  ]
  for (const numbers of Object.values(deniedCalls)) {
    const number = numbers[column]
    if (number !== null) program.push([JUMP_EQUAL, 0, 1, number], [RETURN, 0, 0, EPERM])
  }
  program.push([JUMP_EQUAL, 0, 1, clone3[column]!], [RETURN, 0, 0, ENOSYS])
  program.push(...whenArgument(clone[column]!, 0, [[JUMP_ANY_BIT, namespaceFlags]]))
  program.push(
    ...whenArgument(ioctl[column]!, 1, [
      [JUMP_EQUAL, TIOCSTI],
      [JUMP_EQUAL, TIOCLINUX],
    ]),
  )
  program.push(...unlessArgumentZero(prlimit64[column]!, 0))
  program.push([RETURN, 0, 0, ALLOW])
  return encode(program)
}

/** Denies a call when one of the tests holds for the low half of an argument. Leaves the call number loaded. */
function whenArgument(call: number, index: number, tests: readonly (readonly [code: number, value: number])[]) {
  const body: Instruction[] = [[LOAD_WORD, 0, 0, argument(index)]]
  for (const [code, value] of tests) body.push([code, 0, 1, value], [RETURN, 0, 0, EPERM])
  body.push([LOAD_WORD, 0, 0, NUMBER])
  return [[JUMP_EQUAL, 0, body.length, call] as Instruction, ...body]
}

/** Denies a call unless the low half of an argument is zero: `prlimit` on anybody but oneself. */
function unlessArgumentZero(call: number, index: number): Instruction[] {
  const body: Instruction[] = [
    [LOAD_WORD, 0, 0, argument(index)],
    [JUMP_EQUAL, 1, 0, 0],
    [RETURN, 0, 0, EPERM],
    [LOAD_WORD, 0, 0, NUMBER],
  ]
  return [[JUMP_EQUAL, 0, body.length, call], ...body]
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(([code, ifTrue, ifFalse, value], index) => {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(ifTrue, index * 8 + 2)
    bytes.writeUInt8(ifFalse, index * 8 + 3)
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4)
  })
  return bytes
}
