# tries: forbids the interpreter everything by an audit hook, then ends
# observe: the run ends, the next works
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 2000
# stdout-has: honest
import sys


def hook(event, arguments):
    raise RuntimeError("hostile")


print("honest", flush=True)
sys.addaudithook(hook)
