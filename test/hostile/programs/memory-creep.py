# tries: grows a list until memory ends
# observe: out of memory within the limit
# expect: contained
# outcome: out-of-memory
# limit-ms: 8000
hoard = []
while True:
    hoard.append("y" * 1_000_000)
