# label: {"adequate": true, "method": "search"}
grid = ["110010", "100011", "000100", "011000"]
seen = set()
def flood(r, c):
    stack, size = [(r, c)], 0
    while stack:
        y, x = stack.pop()
        if (y, x) in seen or not (0 <= y < len(grid) and 0 <= x < len(grid[0])) or grid[y][x] == "0":
            continue
        seen.add((y, x))
        size += 1
        stack += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return size
print([n for n in (flood(r, c) for r in range(4) for c in range(6)) if n])
