# label: {"adequate": true, "method": "search"}
import heapq
graph = {"A": {"B": 4, "C": 1}, "B": {"D": 1}, "C": {"B": 2, "D": 5}, "D": {}}
best = {"A": 0}
heap = [(0, "A", ["A"])]
while heap:
    cost, node, path = heapq.heappop(heap)
    if node == "D":
        print(cost, path)
        break
    for nxt, w in graph[node].items():
        if cost + w < best.get(nxt, 10**9):
            best[nxt] = cost + w
            heapq.heappush(heap, (cost + w, nxt, path + [nxt]))
