# tries: enlarges pipe buffers and fills them: memory that no address space shows
# observe: bounded; the next run has its pipes
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 3000
import fcntl
import os

held = 0
try:
    while held < 4096:
        reader, writer = os.pipe()
        fcntl.fcntl(writer, 1031, 1 << 20)
        os.set_blocking(writer, False)
        held += os.write(writer, bytes(1 << 20)) >> 20
except OSError as error:
    print("refused after", held, "MB", error.errno)
if held >= 1024:
    print("BREACH: a gigabyte of pipe buffers")
