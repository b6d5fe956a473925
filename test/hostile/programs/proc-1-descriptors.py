# tries: opens the descriptors of process 1, where the control pipes are
# observe: refused
# expect: contained
import os

try:
    print("BREACH:", os.listdir("/proc/1/fd"))
except OSError as error:
    print(type(error).__name__)
for number in range(64):
    for mode in (os.O_RDONLY, os.O_WRONLY):
        try:
            os.open(f"/proc/1/fd/{number}", mode | os.O_NONBLOCK)
            print("BREACH: opened", number)
        except OSError:
            pass
