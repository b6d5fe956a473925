# Checks a completed square: rows, columns, the rising diagonal and the given letters.
GRID = [["a", None, None], [None, "c", None], [None, None, None]]
ANSWER = "a,b,c\nb,c,a\nc,a,b"
# --- end of data ---

import re

N = len(GRID)
LETTERS = "abcdefghijklmnopqrstuvwxyz"[:N]
cells = re.sub(r"[\[\](){}\"'<>;,\s]+", " ", ANSWER).split()


def problem():
    if len(cells) != N * N:
        return f"{len(cells)} cells instead of {N * N}"
    if any(cell not in list(LETTERS) for cell in cells):
        return f"a cell is none of the letters {LETTERS[0]} to {LETTERS[-1]}"
    rows = [cells[r * N : r * N + N] for r in range(N)]
    for r in range(N):
        for c in range(N):
            if GRID[r][c] not in (None, rows[r][c]):
                return f"row {r + 1}, column {c + 1} is given as {GRID[r][c]}"
    for i in range(N):
        if len(set(rows[i])) < N:
            return f"row {i + 1} holds a letter twice"
        if len({row[i] for row in rows}) < N:
            return f"column {i + 1} holds a letter twice"
    if len({rows[r][N - 1 - r] for r in range(N)}) > 1:
        return "the diagonal from top right to bottom left holds different letters"
    return None


found = problem()
print("Correct" if found is None else f"Wrong: {found}")
