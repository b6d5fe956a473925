# tries: makes two hundred thousand empty files
# observe: refused or stopped; memory stays bounded
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 5000
made = 0
try:
    for number in range(200_000):
        open(f"empty-{number}", "w").close()
        made += 1
except (OSError, MemoryError) as error:
    print("refused after", made, type(error).__name__)
