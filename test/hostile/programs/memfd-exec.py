# tries: runs a program that is no file (memfd_create, fexecve)
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


call("memfd_create", 319, b"program", 0)
call("memfd_secret", 447, 0)
