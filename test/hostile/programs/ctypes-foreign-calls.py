# tries: makes system calls by the 32-bit and x32 doors, past the filter's table
# observe: killed or refused
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


call("x32 socket", 0x40000000 + 41, 2, 1, 0)
print("BREACH: still alive after an x32 call" if native else "no native calls")
