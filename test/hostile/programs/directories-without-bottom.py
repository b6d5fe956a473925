# tries: nests directories deeper than any path can name
# observe: cleaned away before the next run
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 3000
import os

try:
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
except OSError:
    pass
