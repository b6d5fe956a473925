# Plain breadth-first search over all arrangements; gives up when there are too many.
START = [["A", "B"], [], ["C"]]
GOAL = [["C"], ["B", "A"], []]
LIMIT = None
# --- end of data ---

from collections import deque

start = tuple(map(tuple, START))
goal = tuple(map(tuple, GOAL))
came = {start: None}
queue = deque([start])
while queue and goal not in came and len(came) < 30000:
    state = queue.popleft()
    for a in range(len(state)):
        for b in range(len(state)):
            if a != b and state[a]:
                block = state[a][-1]
                after = list(state)
                after[a] = state[a][:-1]
                after[b] = state[b] + (block,)
                after = tuple(after)
                if after not in came:
                    came[after] = (state, f"Move {block} from {a + 1} to {b + 1}")
                    queue.append(after)
moves = []
step = came.get(goal)
while step:
    moves.append(step[1])
    step = came[step[0]]
print("<<<" + "\n".join(reversed(moves)) + ">>>")
