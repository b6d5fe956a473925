# tries: reads and writes memory, disks and consoles
# observe: no such device is there
# expect: contained
import os

for path in ("/dev/mem", "/dev/kmem", "/dev/port", "/dev/sda", "/dev/vda", "/dev/nvme0n1", "/dev/kmsg", "/dev/tty",
             "/dev/console", "/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/ptmx", "/dev/vsock", "/dev/uinput"):
    try:
        descriptor = os.open(path, os.O_RDWR)
        # The wasm file system answers for a terminal of its own.
        if path != "/dev/tty" or os.path.isdir("/proc/1"):
            print("BREACH: opened", path)
    except OSError as error:
        print(path, type(error).__name__)
