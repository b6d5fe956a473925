# tries: leaves shared memory, semaphores and message queues for the next run
# observe: refused
# expect: contained
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
native = os.path.isdir("/proc/1") and os.uname().machine == "x86_64"


def call(what, number, *arguments):
    """One raw system call; a native success is a breach. In wasm there is no such thing."""
    if not native:
        return
    ctypes.set_errno(0)
    result = libc.syscall(number, *arguments)
    print(what, result, ctypes.get_errno())
    if result >= 0:
        print("BREACH:", what)


call("shmget", 29, 0x1234, ctypes.c_ulong(1 << 20), 0o1666)
call("semget", 64, 0x1234, 1, 0o1666)
call("msgget", 68, 0x1234, 0o1666)
call("mq_open", 240, b"hostile", 0o102, 0o666, 0)
