# tries: links host and system files into scratch to keep or change them
# observe: refused
# expect: contained
import os

for target in [HOST_SECRET, "/usr/bin/python3", "/etc/passwd", "/proc/1/environ"]:
    try:
        os.link(target, "linked-" + os.path.basename(target))
        print("BREACH: linked", target)
    except OSError as error:
        print(target, type(error).__name__)
