# tries: starts ten thousand sleeping threads
# observe: the thread limit refuses, or the run is stopped
# expect: contained
# outcome: finished|timed-out
# limit-ms: 2000
import threading
import time

started = 0
try:
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        started += 1
except RuntimeError as error:
    print("refused after", started, error)
if started > 1000:
    print("BREACH: more than a thousand threads", started)
