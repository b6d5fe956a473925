# label: {"adequate": false, "method": "enumeration"}
from itertools import combinations
numbers = [1, 4, 6, 9, 11, 15]
target = 25
found = []
for size in range(1, len(numbers) + 1):
    for combo in combinations(numbers, size):
        if sum(combo) == target:
            found.append(combo)
