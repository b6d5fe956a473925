# tries: doubles itself without end, catching every refusal
# observe: stopped at the limit, no process left
# expect: contained
# outcome: timed-out|finished
# limit-ms: 1000
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
