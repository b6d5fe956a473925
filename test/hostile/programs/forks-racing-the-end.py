# tries: keeps forking while the program ends, to slip through the clean-up
# observe: none left
# expect: contained
import os
import time

if os.fork() == 0:
    while True:
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            time.sleep(0.001)
time.sleep(0.2)
