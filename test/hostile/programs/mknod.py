# tries: makes device nodes of its own and opens them
# observe: refused
# expect: contained
import os
import stat

for name, major, minor in (("mem", 1, 1), ("disk", 8, 0), ("vda", 254, 0)):
    try:
        os.mknod(name, stat.S_IFBLK | 0o666, os.makedev(major, minor))
        descriptor = os.open(name, os.O_RDWR)
        if os.read(descriptor, 16):
            print("BREACH: read from", name)
    except (OSError, AttributeError) as error:
        print(name, type(error).__name__)
