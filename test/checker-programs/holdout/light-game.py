# label: {"adequate": true, "method": "simulation"}
lights = [[1, 0, 1], [0, 1, 0], [1, 1, 0]]
presses = [(0, 1), (2, 2), (1, 1)]
for r, c in presses:
    for y, x in ((r, c), (r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
        if 0 <= y < 3 and 0 <= x < 3:
            lights[y][x] ^= 1
print("\n".join("".join(map(str, row)) for row in lights))
