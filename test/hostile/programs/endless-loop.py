# tries: computes for ever
# observe: stopped at the time limit
# expect: contained
# outcome: timed-out
# limit-ms: 1000
while True:
    pass
