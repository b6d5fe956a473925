# tries: a regular expression that backtracks exponentially
# observe: stopped at the time limit
# expect: contained
# outcome: timed-out
# limit-ms: 1000
import re

re.match(r"(a+)+$", "a" * 60 + "b")
