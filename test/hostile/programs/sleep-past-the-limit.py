# tries: sleeps for an hour
# observe: stopped at the time limit
# expect: contained
# outcome: timed-out
# limit-ms: 1000
import time

time.sleep(3600)
