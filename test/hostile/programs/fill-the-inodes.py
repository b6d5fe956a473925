# tries: makes two hundred thousand empty files
# observe: refused or stopped; memory stays bounded
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 5000
import os

made = 0
try:
    for number in range(200_000):
        open(f"empty-{number}", "w").close()
        made += 1
except (OSError, MemoryError) as error:
    print("refused after", made, type(error).__name__)
# In wasm files are objects of the interpreter, inside its own memory limit.
if made > 100_000 and os.path.isdir("/proc/1"):
    print("BREACH: kernel memory without a limit")
