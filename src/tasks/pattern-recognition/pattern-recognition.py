# Finds the one largest square block of equal letters and prints its bottom right cell, from 0.
ROWS = ["ABCDE", "KQQQF", "LQQQQ", "MQQQG"]
# --- end of data ---

height, width = len(ROWS), len(ROWS[0])

# How far the letter of a cell goes on to the right.
reach = [[1] * width for _ in ROWS]
for r in range(height):
    for c in range(width - 2, -1, -1):
        if ROWS[r][c] == ROWS[r][c + 1]:
            reach[r][c] = reach[r][c + 1] + 1

best, corners = 0, []
for r in range(height):
    for c in range(width):
        # Goes down the column as long as a block with this top left cell can grow.
        narrowest, side = width, 0
        for depth in range(height - r):
            if ROWS[r + depth][c] != ROWS[r][c]:
                break
            narrowest = min(narrowest, reach[r + depth][c])
            if narrowest <= depth:
                break
            side = depth + 1
        if side > best:
            best, corners = side, []
        if side == best:
            corners.append([r + side - 1, c + side - 1])

assert len(corners) == 1 and best >= 3
print(f"<<<{corners[0]}>>>")
