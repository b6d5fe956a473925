# Looks up for every cell of the result where it comes from, backwards through the steps.
MATRIX = [["K", "7", "M"], ["P", "P", "3"]]
STEPS = [["clockwise"]]
# --- end of data ---

shapes = [(len(MATRIX), len(MATRIX[0]))]
for name, *_ in STEPS:
    rows, columns = shapes[-1]
    shapes.append((columns, rows) if name in ("clockwise", "counterclockwise", "transpose") else (rows, columns))


def exchanged(i, a, b):
    return b - 1 if i == a - 1 else a - 1 if i == b - 1 else i


def source(r, c, name, numbers, rows, columns):
    """Where the cell (r, c) after a step stood before it, in a matrix of rows x columns."""
    if name == "clockwise":
        return rows - 1 - c, r
    if name == "counterclockwise":
        return c, columns - 1 - r
    if name == "transpose":
        return c, r
    if name == "half-turn":
        return rows - 1 - r, columns - 1 - c
    if name == "mirror":
        return r, columns - 1 - c
    if name == "flip":
        return rows - 1 - r, c
    if name == "rows-down":
        return (r - numbers[0]) % rows, c
    if name == "columns-right":
        return r, (c - numbers[0]) % columns
    if name == "swap-rows":
        return exchanged(r, *numbers), c
    return r, exchanged(c, *numbers)


cells = []
rows, columns = shapes[-1]
for r in range(rows):
    for c in range(columns):
        place = (r, c)
        for (name, *numbers), shape in zip(reversed(STEPS), reversed(shapes[:-1])):
            place = source(*place, name, numbers, *shape)
        cells.append(MATRIX[place[0]][place[1]])
print("<<<" + ",".join(cells) + ">>>")
