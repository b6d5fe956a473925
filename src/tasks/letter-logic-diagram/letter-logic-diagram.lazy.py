# Fills the blanks one after the other with the first letter that fits its row and column, without ever going back.
GRID = [["a", None, None], [None, "c", None], [None, None, None]]
# --- end of data ---

n = len(GRID)
letters = "abcdefghijklmnopqrstuvwxyz"[:n]
grid = [row[:] for row in GRID]
diagonal = next((grid[r][n - 1 - r] for r in range(n) if grid[r][n - 1 - r]), None)
if diagonal:
    for r in range(n):
        grid[r][n - 1 - r] = diagonal
for r in range(n):
    for c in range(n):
        if grid[r][c] is None:
            used = set(grid[r]) | {grid[i][c] for i in range(n)}
            grid[r][c] = next((x for x in letters if x not in used), letters[0])
print("<<<\n" + "\n".join(",".join(row) for row in grid) + "\n>>>")
