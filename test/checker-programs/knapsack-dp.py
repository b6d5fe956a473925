# label: {"adequate": true, "method": "dynamic-programming"}
weights = [3, 4, 5, 9, 14]
values = [3, 4, 4, 10, 15]
cap = 17
dp = [0] * (cap + 1)
for w, v in zip(weights, values):
    for c in range(cap, w - 1, -1):
        dp[c] = max(dp[c], dp[c - w] + v)
print(dp[cap])
