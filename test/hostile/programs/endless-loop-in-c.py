# tries: never returns from one call into C
# observe: stopped at the time limit
# expect: contained
# outcome: timed-out
# limit-ms: 1000
sum(iter(int, 1))
