# tries: leaves keys for the next run and reads those of the user
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


call("add_key", 248, b"user", b"message", b"hostile", ctypes.c_ulong(7), -4)
call("keyctl get", 250, 0, -4, 1)
call("keyctl session", 250, 1, b"hostile")
call("request_key", 249, b"user", b"message", 0, 0)
