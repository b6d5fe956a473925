# tries: writes 2 GB into scratch
# observe: refused or stopped long before
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 5000
written = 0
try:
    for number in range(2048):
        with open(f"filler-{number}", "wb") as file:
            written += file.write(bytes(1 << 20))
except (OSError, MemoryError) as error:
    print("refused:", type(error).__name__)
if written > 512 << 20:
    print("BREACH: wrote", written)
