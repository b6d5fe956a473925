# tries: makes every descriptor number point to stdout, then writes to all
# observe: only its own output appears
# expect: contained
import os

for number in range(3, 64):
    try:
        os.dup2(1, number)
    except OSError:
        pass
for number in range(3, 64):
    try:
        os.write(number, b".")
    except OSError:
        pass
