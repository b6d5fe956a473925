# label: {"adequate": true, "method": "search"}
start = (("A", "B"), ("C",), ())
goal = ((), ("C", "B"), ("A",))

def moves(state):
    for i, src in enumerate(state):
        if not src:
            continue
        for j in range(len(state)):
            if i != j:
                nxt = [list(s) for s in state]
                nxt[j].append(nxt[i].pop())
                yield f"Move {src[-1]} from {i + 1} to {j + 1}", tuple(map(tuple, nxt))

def dfs(state, depth, trail):
    if state == goal:
        return trail
    if depth == 0:
        return None
    for text, nxt in moves(state):
        found = dfs(nxt, depth - 1, trail + [text])
        if found is not None:
            return found

limit = 0
plan = None
while plan is None:
    plan = dfs(start, limit, [])
    limit += 1
print("\n".join(plan))
