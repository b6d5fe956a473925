# tries: the classic shell fork bomb in the background
# observe: ends or is stopped, no process left
# expect: contained
# outcome: timed-out|finished
# limit-ms: 1500
import os
import time

os.system("bomb() { bomb | bomb & }; bomb")
time.sleep(5)
