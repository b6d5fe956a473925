# tries: ends its main program while another thread loops
# observe: stopped at the time limit
# expect: contained
# outcome: timed-out|finished
# limit-ms: 1500
import threading


def hang():
    while True:
        pass


threading.Thread(target=hang).start()
