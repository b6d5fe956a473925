# tries: sets the machine's clock
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


moment = (ctypes.c_long * 2)(1, 0)
call("clock_settime", 227, 0, moment)
call("settimeofday", 164, moment, 0)
call("adjtimex", 159, (ctypes.c_long * 32)(1))
import time

try:
    time.clock_settime(time.CLOCK_REALTIME, 1)
    print("BREACH: the clock was set")
except (OSError, AttributeError) as error:
    print(type(error).__name__)
