# tries: the classic way out of a chroot, and the way in
# observe: refused, or leads nowhere
# expect: contained
import os

try:
    os.mkdir("jail")
    os.chroot("jail")
    for _ in range(100):
        os.chdir("..")
    os.chroot(".")
    print("BREACH: chroot was allowed")
except (OSError, AttributeError) as error:
    print(type(error).__name__)
try:
    print(open(HOST_SECRET).read())
except OSError as error:
    print(type(error).__name__)
