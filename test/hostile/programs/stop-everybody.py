# tries: stops process 1 and all others, then itself
# observe: process 1 is deaf to it
# expect: contained
# outcome: timed-out|finished
# limit-ms: 1000
import os
import signal

for target in (1, os.getppid(), -1):
    try:
        os.kill(target, signal.SIGSTOP)
    except (OSError, AttributeError):
        pass
