# tries: a child keeps stdout open after the program has ended
# observe: the run ends with the program
# expect: contained
# limit-ms: 3000
import os
import time

if os.fork() == 0:
    time.sleep(60)
print("parent done", flush=True)
os._exit(0)
