# tries: opens files until the limit, and pipes with large buffers
# observe: refused by the limit
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 3000
import os

held = []
try:
    while len(held) < 100_000:
        held.extend(os.pipe())
except OSError as error:
    print("refused after", len(held), error.errno)
if len(held) >= 100_000:
    print("BREACH: no descriptor limit")
