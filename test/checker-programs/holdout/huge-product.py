# label: {"adequate": false, "method": "enumeration"}
import itertools
weights = [13, 7, 22, 31, 8, 19, 27, 5, 11, 3, 44, 12, 9, 18, 21, 30]
best = 0
for assignment in itertools.product(range(8), repeat=16):
    loads = [0] * 8
    for w, k in zip(weights, assignment):
        loads[k] += w
    best = max(best, min(loads))
print(best)
