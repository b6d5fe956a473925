# label: {"adequate": true, "method": "search"}
N = 6
count = 0
cols, d1, d2 = set(), set(), set()
def go(r):
    global count
    if r == N:
        count += 1
        return
    for c in range(N):
        if c in cols or r + c in d1 or r - c in d2:
            continue
        cols.add(c); d1.add(r + c); d2.add(r - c)
        go(r + 1)
        cols.remove(c); d1.remove(r + c); d2.remove(r - c)
go(0)
print(count)
