# tries: reaches for the interfaces with a history of kernel faults
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


call("bpf", 321, 0, ctypes.create_string_buffer(128), 128)
call("perf_event_open", 298, ctypes.create_string_buffer(128), 0, -1, -1, 0)
call("userfaultfd", 323, 0)
call("userfaultfd, user mode only", 323, 1)
call("io_uring_setup", 425, 8, ctypes.create_string_buffer(256))
call("init_module", 175, 0, 0, b"")
call("kexec_load", 246, 0, 0, 0, 0)
call("fanotify_init", 300, 0x200, 0)
call("iopl", 172, 3)
call("syslog", 103, 3, ctypes.create_string_buffer(64), 64)
call("quotactl", 179, 0, 0, 0, 0)
