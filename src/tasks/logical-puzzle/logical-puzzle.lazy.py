# Takes the friendly numbers first and tries random completions, a limited number of times.
GRID = [[5, -2, 4], [-1, -3, 2], [1, 6, -4]]
COUNT = 4
MOST = None
# --- end of data ---

import random

n = len(GRID)
rng = random.Random(3)
corner = (0, n - 1)
others = [(r, c) for r in range(n) for c in range(n) if (r, c) != corner]


def fits(chosen):
    if len({GRID[r][c] for r, c in chosen}) < len(chosen):
        return False
    for axis in (0, 1):
        for line in range(n):
            numbers = [GRID[cell[0]][cell[1]] for cell in chosen if cell[axis] == line]
            if MOST is not None and sum(numbers) > MOST:
                return False
            if MOST is None and sum(x < 0 for x in numbers) % 2:
                return False
    return True


start = [corner]
if MOST is None:
    seen = {GRID[0][n - 1]}
    for r, c in others:
        if GRID[r][c] > 0 and GRID[r][c] not in seen and len(start) < COUNT:
            seen.add(GRID[r][c])
            start.append((r, c))
pool = [cell for cell in others if cell not in start and (MOST is not None or GRID[cell[0]][cell[1]] < 0)]
missing = COUNT - len(start)
chosen = start
for _ in range(4000):
    if missing > len(pool):
        break
    chosen = start + rng.sample(pool, missing)
    if fits(chosen):
        break
print("<<<" + ", ".join(f"{r} {c}" for r, c in chosen) + ">>>")
