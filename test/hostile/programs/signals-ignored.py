# tries: ignores every signal that can be ignored and blocks the rest
# observe: stopped at the time limit all the same
# expect: contained
# outcome: timed-out
# limit-ms: 1000
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
try:
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
except (AttributeError, OSError):
    pass
while True:
    pass
