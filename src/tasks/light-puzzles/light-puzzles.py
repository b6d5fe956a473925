# Follows every light by itself: backwards to the last press that sets it, then counts the toggles since.
LIGHTS = ["10", "01"]
BUTTONS = {"A": ["toggles", [[1, 1], [2, 1]]], "B": ["switches on", [[2, 1], [2, 2]]]}
PRESSES = ["A", "B"]
# --- end of data ---

reach = {name: (effect, {tuple(cell) for cell in cells}) for name, (effect, cells) in BUTTONS.items()}


def final(row, column):
    toggles = 0
    for name in reversed(PRESSES):
        effect, cells = reach[name]
        if (row, column) not in cells:
            continue
        if effect == "toggles":
            toggles += 1
        else:
            return (toggles + (effect == "switches on")) % 2
    return (toggles + int(LIGHTS[row - 1][column - 1])) % 2


size = len(LIGHTS)
states = [final(r, c) for r in range(1, size + 1) for c in range(1, size + 1)]
print("<<<" + ",".join(map(str, states)) + ">>>")
