# tries: double fork and setsid, all streams closed
# observe: gone when the run ends
# expect: contained
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 64)
        while True:
            time.sleep(1)
    os._exit(0)
print("parent done")
