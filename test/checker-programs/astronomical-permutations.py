# label: {"adequate": false, "method": "enumeration"}
from itertools import permutations
cities = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o"]
dist = {(x, y): abs(ord(x) - ord(y)) for x in cities for y in cities}
best = None
for tour in permutations(cities):
    length = sum(dist[tour[i], tour[i + 1]] for i in range(len(tour) - 1))
    if best is None or length < best[0]:
        best = (length, tour)
print(best)
