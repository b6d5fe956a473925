# Drops queens row by row on random safe squares and starts over at a dead end, a limited number of times.
BOARD = [".#..", "...Q", "....", "...."]
# --- end of data ---

import random

n = len(BOARD)
rng = random.Random(1)


def attempt():
    columns = []
    for row in range(n):
        if "Q" in BOARD[row]:
            options = [BOARD[row].index("Q")]
        else:
            options = [c for c in range(n) if BOARD[row][c] != "#"]
        safe = [c for c in options if all(c != d and abs(c - d) != row - r for r, d in enumerate(columns))]
        if not safe:
            break
        columns.append(rng.choice(safe))
    return columns


best = []
for _ in range(3000):
    columns = attempt()
    if len(columns) > len(best):
        best = columns
    if len(best) == n:
        break
print("<<<" + ", ".join(f"{r} {c}" for r, c in enumerate(best)) + ">>>")
