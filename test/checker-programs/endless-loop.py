# label: {"adequate": false, "method": "simulation"}
value = 27
steps = 0
while True:
    if value % 2 == 0:
        value = value // 2
    else:
        value = 3 * value + 1
    steps += 1
print(steps)
