# Tries values in reading order and goes back at a dead end; gives up after many tries.
BOX = 2
GRID = [[1, 2, 0, 4], [0, 4, 1, 0], [0, 1, 4, 0], [4, 0, 0, 1]]
# --- end of data ---

import sys

sys.setrecursionlimit(10000)
size = BOX * BOX
empty = [(r, c) for r in range(size) for c in range(size) if GRID[r][c] == 0]
tries = 0


def fits(r, c, v):
    if v in GRID[r] or any(GRID[i][c] == v for i in range(size)):
        return False
    top, left = r // BOX * BOX, c // BOX * BOX
    return all(v not in GRID[i][left:left + BOX] for i in range(top, top + BOX))


def fill(i):
    global tries
    tries += 1
    if i == len(empty) or tries > 20000:
        return True
    r, c = empty[i]
    for v in range(1, size + 1):
        if fits(r, c, v):
            GRID[r][c] = v
            if fill(i + 1):
                return True
            GRID[r][c] = 0
    return False


fill(0)
print(f"<<<{GRID}>>>")
