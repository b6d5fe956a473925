# tries: replaces itself by a shell that goes on
# observe: bounded like any program
# expect: contained
# outcome: timed-out|finished
# limit-ms: 1000
import os

os.execv("/bin/sh", ["sh", "-c", "echo shell; cat " + HOST_SECRET + "; while :; do :; done"])
