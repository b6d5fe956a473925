# Checks a filled sudoku against the given cells and the three kinds of units.
BOX = 2
GRID = [[1, 2, 0, 4], [0, 4, 1, 0], [0, 1, 4, 0], [4, 0, 0, 1]]
ANSWER = "[[1,2,3,4],[3,4,1,2],[2,1,4,3],[4,3,2,1]]"
# --- end of data ---

import re

size = BOX * BOX
numbers = [int(x) for x in re.findall(r"\d+", ANSWER)]
rows = [numbers[i:i + size] for i in range(0, len(numbers), size)]


def judge():
    if len(numbers) != size * size:
        return f"Wrong: {len(numbers)} numbers, the grid has {size * size} cells"
    for r in range(size):
        for c in range(size):
            if GRID[r][c] and GRID[r][c] != rows[r][c]:
                return f"Wrong: the given {GRID[r][c]} in row {r + 1}, column {c + 1} is changed"
    full = set(range(1, size + 1))
    for i in range(size):
        top, left = i // BOX * BOX, i % BOX * BOX
        block = {rows[r][c] for r in range(top, top + BOX) for c in range(left, left + BOX)}
        for name, unit in (("row", set(rows[i])), ("column", {row[i] for row in rows}), ("block", block)):
            if unit != full:
                return f"Wrong: {name} {i + 1} does not hold each number once"
    return "Correct"


print(judge())
