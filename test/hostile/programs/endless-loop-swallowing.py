# tries: catches BaseException around an endless loop
# observe: stopped at the time limit
# expect: contained
# outcome: timed-out
# limit-ms: 1000
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
