# tries: mounts, unmounts and moves file systems, the new interface included
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


call("mount", 165, b"none", b"/tmp", b"tmpfs", 0, 0)
call("remount", 165, b"none", b"/", None, 32, 0)
call("umount2", 166, b"/tmp", 2)
call("pivot_root", 155, b"/tmp", b"/tmp")
call("open_tree", 428, -100, b"/", 1)
call("move_mount", 429, -100, b"/", -100, b"/tmp", 0)
call("fsopen", 430, b"tmpfs", 0)
call("mount_setattr", 442, -100, b"/", 0, 0, 0)
call("open_by_handle_at", 304, -100, 0, 0)
