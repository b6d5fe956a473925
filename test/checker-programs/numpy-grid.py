# label: {"adequate": true, "method": "simulation"}
import numpy as np
grid = np.array([[0, 1, 0, 0], [1, 1, 0, 1], [0, 0, 1, 0], [1, 0, 0, 1]])
for _ in range(5):
    neighbours = sum(np.roll(np.roll(grid, dy, 0), dx, 1) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0))
    grid = ((neighbours == 3) | ((grid == 1) & (neighbours == 2))).astype(int)
print(f"<<<{int(grid.sum())}>>>")
