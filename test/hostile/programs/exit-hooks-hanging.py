# tries: hangs in atexit, in __del__ and in a thread that never ends
# observe: stopped at the time limit
# expect: contained
# outcome: timed-out
# limit-ms: 1500
import atexit
import gc


class Clinging:
    def __del__(self):
        while True:
            pass


def hang():
    while True:
        pass


keep = Clinging()
gc.callbacks.append(lambda *a: hang())
atexit.register(hang)
print("end of program", flush=True)
