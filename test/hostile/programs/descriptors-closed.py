# tries: closes every descriptor and goes on
# observe: the run ends as the program ends
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 2000
import os

os.closerange(0, 1024)
for number in range(1024):
    try:
        os.close(number)
    except OSError:
        pass
