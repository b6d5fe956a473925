# label: {"adequate": true, "method": "search"}
from collections import deque as Queue
maze = ["S.#.", "..#.", "#..E"]
rows, cols = len(maze), len(maze[0])
start = next((r, c) for r in range(rows) for c in range(cols) if maze[r][c] == "S")
queue, seen = Queue([(start, "")]), {start}
while queue:
    (r, c), path = queue.popleft()
    if maze[r][c] == "E":
        print(f"<<<{path}>>>")
        break
    for name, dr, dc in (("U", -1, 0), ("D", 1, 0), ("L", 0, -1), ("R", 0, 1)):
        nr, nc = r + dr, c + dc
        if 0 <= nr < rows and 0 <= nc < cols and maze[nr][nc] != "#" and (nr, nc) not in seen:
            seen.add((nr, nc))
            queue.append(((nr, nc), path + name))
