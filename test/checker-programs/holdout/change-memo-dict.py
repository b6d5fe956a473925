# label: {"adequate": true, "method": "dynamic-programming"}
memo = {}
def ways(amount, coins):
    if amount == 0:
        return 1
    if amount < 0 or not coins:
        return 0
    key = (amount, len(coins))
    if key not in memo:
        memo[key] = ways(amount - coins[0], coins) + ways(amount, coins[1:])
    return memo[key]
print(ways(100, (50, 25, 10, 5, 1)))
