# tries: leaves a background process that writes a file for the next run
# observe: gone when the run ends
# expect: contained
import os
import time

if os.fork() == 0:
    while True:
        try:
            with open("/tmp/from-the-daemon", "a") as file:
                file.write("alive")
            with open(HOST_MARKER, "a") as file:
                file.write("alive")
        except OSError:
            pass
        time.sleep(0.01)
print("parent done")
