# Checks a selection: how many, different numbers, the corner, and the sums or products of rows and columns.
GRID = [[5, -2, 4], [-1, -3, 2], [1, 6, -4]]
COUNT = 4
MOST = None
ANSWER = "0 2, 0 0, 1 2, 2 1"
# --- end of data ---

import math
import re

n = len(GRID)
numbers = [int(x) for x in re.findall(r"-?\d+", ANSWER)]
cells = list(zip(numbers[::2], numbers[1::2]))


def judge():
    if len(numbers) != 2 * COUNT:
        return f"Wrong: {len(numbers)} numbers, {COUNT} cells need {2 * COUNT}"
    if any(not (0 <= r < n and 0 <= c < n) for r, c in cells):
        return "Wrong: a cell is outside the grid"
    if len(set(cells)) < COUNT:
        return "Wrong: a cell is listed twice"
    if len({GRID[r][c] for r, c in cells}) < COUNT:
        return "Wrong: two selected numbers are equal"
    if (0, n - 1) not in cells:
        return "Wrong: the top right cell is not selected"
    for axis, name in ((0, "row"), (1, "column")):
        for line in range(n):
            picked = [GRID[r][c] for r, c in cells if (r, c)[axis] == line]
            if MOST is not None and sum(picked) > MOST:
                return f"Wrong: {name} {line} sums to {sum(picked)}"
            if MOST is None and picked and math.prod(picked) <= 0:
                return f"Wrong: {name} {line} has a product that is not positive"
    return "Correct"


print(judge())
