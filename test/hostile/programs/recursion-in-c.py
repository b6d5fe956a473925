# tries: overflows the C stack
# observe: a crash of the program only
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 2500
import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __repr__(self):
        return repr(self)


repr(Deep())
