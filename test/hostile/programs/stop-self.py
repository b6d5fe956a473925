# tries: stops itself so that nobody sees it end
# observe: ended at the time limit
# expect: contained
# outcome: timed-out|finished
# limit-ms: 1000
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
