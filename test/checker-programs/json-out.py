# label: {"adequate": true, "method": "enumeration"}
import json
from itertools import combinations
items = [{"name": "a", "w": 3}, {"name": "b", "w": 8}, {"name": "c", "w": 5}, {"name": "d", "w": 4}]
best = []
for r in range(1, 5):
    for combo in combinations(items, r):
        if sum(x["w"] for x in combo) == 12:
            best.append([x["name"] for x in combo])
print(json.dumps(best))
