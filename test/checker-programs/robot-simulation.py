# label: {"adequate": true, "method": "simulation"}
commands = ["right 3", "up 2", "jump right", "down 1", "left 4", "jump up"]
x = y = 0
for command in commands:
    if command.startswith("jump"):
        step, direction = 2, command.split()[1]
    else:
        direction, step = command.split()[0], int(command.split()[1])
    if direction == "right":
        x += step
    elif direction == "left":
        x -= step
    elif direction == "up":
        y += step
    else:
        y -= step
print(f"<<<({x}, {y})>>>")
