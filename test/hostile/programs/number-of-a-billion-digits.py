# tries: one arithmetic operation that never ends
# observe: stopped at the limit
# expect: contained
# outcome: timed-out|out-of-memory|finished
# limit-ms: 1500
x = 9**9**9
