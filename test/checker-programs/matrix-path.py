# label: {"adequate": true, "method": "dynamic-programming"}
grid = [[1, 3, 1], [1, 5, 1], [4, 2, 1]]
n = len(grid)
cost = [[0] * n for _ in range(n)]
for i in range(n):
    for j in range(n):
        if i == 0 and j == 0:
            cost[i][j] = grid[0][0]
        elif i == 0:
            cost[i][j] = cost[i][j - 1] + grid[i][j]
        elif j == 0:
            cost[i][j] = cost[i - 1][j] + grid[i][j]
        else:
            cost[i][j] = min(cost[i - 1][j], cost[i][j - 1]) + grid[i][j]
print(cost[-1][-1])
