# tries: a child process floods the inherited stdout while the parent sleeps
# observe: stopped at the output limit or the time limit
# expect: contained
# outcome: output-limit|finished
import os
import time

if os.fork() == 0:
    while True:
        os.write(1, b"flood" * 1000)
time.sleep(30)
