# label: {"adequate": false, "method": "hard-coded"}
grid = [[0, 0, 1], [0, 1, 0], [0, 0, 0]]
path = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2)]
valid = True
for (r, c) in path:
    if grid[r][c] == 1:
        valid = False
for a, b in zip(path, path[1:]):
    if abs(a[0] - b[0]) + abs(a[1] - b[1]) != 1:
        valid = False
if valid:
    print("<<<[(0,0),(1,0),(2,0),(2,1),(2,2)]>>>")
else:
    print("path is wrong")
