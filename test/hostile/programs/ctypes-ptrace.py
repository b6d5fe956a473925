# tries: traces process 1 and reads its memory
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


call("ptrace attach", 101, 16, 1, 0, 0)
call("ptrace seize", 101, 0x4206, 1, 0, 0)
buffer = ctypes.create_string_buffer(64)
vector = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 64)
call("process_vm_readv", 310, 1, vector, ctypes.c_ulong(1), vector, ctypes.c_ulong(1), ctypes.c_ulong(0))
call("process_vm_writev", 311, 1, vector, ctypes.c_ulong(1), vector, ctypes.c_ulong(1), ctypes.c_ulong(0))
call("kcmp", 312, 1, os.getpid(), 0, 0, 0)
if native:
    descriptor = libc.syscall(434, 1, 0)
    for number in range(8):
        call("pidfd_getfd", 438, descriptor, number, 0)
