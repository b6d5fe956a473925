# Completes a board to n queens: rows and columns are both choices, the one with the fewest free squares goes first.
BOARD = [".#..", "...Q", "....", "...."]
# --- end of data ---

import sys

sys.setrecursionlimit(10000)
N = len(BOARD)
squares = {(r, c) for r in range(N) for c in range(N) if BOARD[r][c] != "#"}


def lines(square):
    r, c = square
    return (("row", r), ("column", c), ("fall", r - c), ("rise", r + c))


through = {}
for square in squares:
    for line in lines(square):
        through.setdefault(line, set()).add(square)
attacked_by = {s: set().union(*(through[line] for line in lines(s))) for s in squares}
required = [("row", i) for i in range(N)] + [("column", i) for i in range(N)]


def place(free, queens):
    """Every row and every column must get its queen out of the free squares."""
    best = None
    for line in required:
        if line in queens:
            continue
        left = through.get(line, set()) & free
        if best is None or len(left) < len(best):
            best = left
            if len(best) < 2:
                break
    if best is None:
        return queens
    for square in sorted(best):
        r, c = square
        done = place(free - attacked_by[square], {**queens, ("row", r): square, ("column", c): square})
        if done:
            return done
    return None


free, queens = squares, {}
for r in range(N):
    for c in range(N):
        if BOARD[r][c] == "Q":
            free = free - attacked_by[(r, c)]
            queens[("row", r)] = queens[("column", c)] = (r, c)
result = place(free, queens)
answer = ", ".join(f"{r} {c}" for r, c in sorted(set(result.values()))) if result else "no placement"
print(f"<<<{answer}>>>")
