# label: {"adequate": true, "method": "recursion"}
collatz = lambda n: 0 if n == 1 else 1 + collatz(n // 2 if n % 2 == 0 else 3 * n + 1)
longest = max(range(1, 300), key=collatz)
print(longest, collatz(longest))
