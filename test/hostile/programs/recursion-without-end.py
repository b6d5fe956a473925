# tries: recurses with the limit lifted
# observe: a crash or an error of the program only
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 2500
import sys

sys.setrecursionlimit(10**9)


def down(n):
    return down(n + 1)


down(0)
