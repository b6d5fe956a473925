# tries: prints without end
# observe: stopped at the output limit
# expect: contained
# outcome: output-limit
while True:
    print("flood " * 100)
