# Leads a point through boxes and around others: flood fill on a fine lattice that never meets an edge.
WALLS = [[-1.5, -1.4, -1.5, 1.5], [1.4, 1.5, -1.5, 1.5], [-1.5, 1.5, -1.5, -1.4], [-1.5, 1.5, 1.4, 1.5]]
BOXES = {"red": [0, 0.4, 0, 0.4], "blue": [-0.6, -0.2, -0.5, 0.5]}
START = [-1, 0]
END = [1, 0]
VISIT = ["red"]
AVOID = ["blue"]
# --- end of data ---

from collections import deque
from decimal import Decimal
from fractions import Fraction
from math import gcd


def exact(v):
    return Fraction(str(v))


# Whole numbers: all coordinates are multiples of one unit.
values = {exact(v) for box in WALLS + list(BOXES.values()) for v in box} | {exact(v) for v in START + END}
scale = 1
for v in values:
    scale = scale * v.denominator // gcd(scale, v.denominator)
step = 0
for v in values:
    step = gcd(step, int(v * scale))
unit = Fraction(step, scale)


def units(v):
    return int(exact(v) / unit)


low = min(units(v) for wall in WALLS for v in wall)
high = max(units(v) for wall in WALLS for v in wall)
size = high - low
solid = [bytearray(size) for _ in range(size)]
for a, b, c, d in WALLS + [BOXES[name] for name in AVOID]:
    for y in range(units(c) - low, units(d) - low):
        for x in range(units(a) - low, units(b) - low):
            solid[y][x] = 1


def corner_cell(point):
    """A free cell of which the point is a corner."""
    x, y = units(point[0]) - low, units(point[1]) - low
    return next((i, j) for i in (x, x - 1) for j in (y, y - 1) if not solid[j][i])


def walk(here, is_goal):
    came = {here: None}
    queue = deque([here])
    while queue:
        cell = queue.popleft()
        if is_goal(cell):
            way = []
            while cell != here:
                way.append(cell)
                cell = came[cell]
            return way[::-1]
        x, y = cell
        for after in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            i, j = after
            if 0 <= i < size and 0 <= j < size and not solid[j][i] and after not in came:
                came[after] = cell
                queue.append(after)
    raise SystemExit("no way")


cells = [corner_cell(START)]
for name in VISIT:
    a, b, c, d = (units(v) - low for v in BOXES[name])
    cells += walk(cells[-1], lambda cell: a <= cell[0] < b and c <= cell[1] < d)
last = corner_cell(END)
cells += walk(cells[-1], lambda cell: cell == last)

# Only the turns are needed.
turns = [
    cell
    for i, cell in enumerate(cells)
    if i in (0, len(cells) - 1)
    or (cell[0] - cells[i - 1][0], cell[1] - cells[i - 1][1]) != (cells[i + 1][0] - cell[0], cells[i + 1][1] - cell[1])
]


def text(index):
    middle = (2 * (index + low) + 1) * unit / 2
    return str(Decimal(middle.numerator) / Decimal(middle.denominator))


points = [f"({START[0]}, {START[1]})"] + [f"({text(x)}, {text(y)})" for x, y in turns] + [f"({END[0]}, {END[1]})"]
print("<<<[" + ", ".join(points) + "]>>>")
