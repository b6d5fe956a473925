# label: {"adequate": true, "method": "simulation"}
cells = [0] * 15 + [1] + [0] * 15
for _ in range(12):
    cells = [1 if (cells[i - 1], cells[i], cells[(i + 1) % 31]) in ((1, 0, 0), (0, 1, 1), (0, 1, 0), (0, 0, 1)) else 0 for i in range(31)]
print(sum(cells))
