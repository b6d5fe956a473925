# tries: holds 200 MB in each of twelve processes
# observe: the sum over processes is bounded, or fork is refused
# expect: contained
# outcome: timed-out|out-of-memory|finished
# limit-ms: 3000
import os
import time

for _ in range(12):
    if os.fork() == 0:
        hoard = b"x" * (200 << 20)
        time.sleep(20)
        os._exit(0)
time.sleep(1.5)
