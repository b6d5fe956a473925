# tries: keeps memory in anonymous files
# observe: refused: no limit would count it
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 3000
import os

held = 0
try:
    while held < 1024:
        descriptor = os.memfd_create("hoard")
        held += os.write(descriptor, bytes(1 << 20)) >> 20
except OSError as error:
    print("refused after", held, "MB", error.errno)
if held >= 1024:
    print("BREACH: a gigabyte of anonymous files")
