# tries: replaces the exception hook, and raises what cannot be printed
# observe: the run ends with a failure
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 2000
import sys


class Unprintable(BaseException):
    def __str__(self):
        raise Unprintable()

    __repr__ = __str__


def hook(*arguments):
    raise Unprintable()


sys.excepthook = hook
raise Unprintable()
