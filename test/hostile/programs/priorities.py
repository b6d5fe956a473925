# tries: slows, pins and limits process 1, which would last beyond the run
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


call("setpriority of process 1", 141, 0, 1, 19)
call("setpriority of the user", 141, 2, 0, 19)
call("sched_setaffinity", 203, 1, ctypes.c_ulong(8), ctypes.create_string_buffer(b"\x01" + bytes(7)))
call("sched_setscheduler idle", 144, 1, 5, ctypes.create_string_buffer(8))
call("ioprio_set", 251, 1, 1, 3 << 13)
limits = (ctypes.c_ulong * 2)(1, 1)
call("prlimit of process 1", 302, 1, 0, limits, 0)
call("prlimit files of process 1", 302, 1, 7, limits, 0)
try:
    os.nice(19)
    print("niced")
except (OSError, AttributeError) as error:
    print(type(error).__name__)
