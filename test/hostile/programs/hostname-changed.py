# tries: renames and restarts the machine
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


call("sethostname", 170, b"hostile", ctypes.c_ulong(7))
call("setdomainname", 171, b"hostile", ctypes.c_ulong(7))
call("reboot", 169, 0xFEE1DEAD, 672274793, 0x01234567, 0)
call("swapoff", 168, b"/dev/vda")
call("acct", 163, b"/tmp/main.py")
