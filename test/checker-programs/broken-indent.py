# label: {"adequate": false, "method": "computation"}
total = 0
for n in [3, 8, 21]:
total += n * n
print(total)
