# label: {"adequate": true, "method": "search"}
from collections import defaultdict, deque
edges = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e")]
graph = defaultdict(list)
indegree = defaultdict(int)
for u, v in edges:
    graph[u].append(v)
    indegree[v] += 1
    indegree[u] += 0
queue = deque(n for n in indegree if indegree[n] == 0)
order = []
while queue:
    u = queue.popleft()
    order.append(u)
    for v in graph[u]:
        indegree[v] -= 1
        if indegree[v] == 0:
            queue.append(v)
print("<<<" + ",".join(order) + ">>>")
