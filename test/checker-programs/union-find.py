# label: {"adequate": true, "method": "computation"}
parent = list(range(8))
def find(x):
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x
for a, b in [(0, 1), (2, 3), (1, 3), (5, 6)]:
    parent[find(a)] = find(b)
print(len({find(i) for i in range(8)}))
