# tries: calls abort
# observe: a crash of the program only
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
import os

os.abort()
