# tries: traces every line and every call, and profiles
# observe: harmless to the sandbox
# expect: contained
# stdout-has: honest
import sys
import threading


def trace(frame, event, argument):
    return trace


sys.settrace(trace)
sys.setprofile(trace)
threading.settrace(trace)
sys.addaudithook(lambda *a: None)
print("honest")
