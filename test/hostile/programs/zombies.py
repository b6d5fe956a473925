# tries: leaves children that nobody waits for
# observe: reaped; none left
# expect: contained
import os

for _ in range(5):
    if os.fork() == 0:
        os._exit(0)
print("done")
