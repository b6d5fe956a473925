# tries: makes new namespaces, where it would be root again, and enters others
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


for flag in (0x10000000, 0x00020000, 0x40000000, 0x20000000, 0x08000000, 0x04000000, 0x02000000, 0x00000080):
    call(f"unshare {flag:x}", 272, flag)
call("setns", 308, 0, 0)
call("clone with a user namespace", 56, 0x10000000 | 17, 0, 0, 0, 0)
call("clone3", 435, ctypes.create_string_buffer(88), ctypes.c_ulong(88))
