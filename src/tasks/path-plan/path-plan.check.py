# Checks a route in exact fractions: closed segments against closed rectangles.
WALLS = [[-1.5, -1.4, -1.5, 1.5], [1.4, 1.5, -1.5, 1.5], [-1.5, 1.5, -1.5, -1.4], [-1.5, 1.5, 1.4, 1.5]]
BOXES = {"red": [0, 0.4, 0, 0.4], "blue": [-0.6, -0.2, -0.5, 0.5]}
START = [-1, 0]
END = [1, 0]
VISIT = ["red"]
AVOID = ["blue"]
ANSWER = "[(-1, 0), (-0.8, 0.8), (0.2, 0.8), (0.2, 0.2), (1, 0)]"
# --- end of data ---

import re
from fractions import Fraction


def exact(values):
    return [Fraction(str(v)) for v in values]


def meets(p, q, box):
    """Clips the segment by the four sides; something is left if and only if they meet."""
    x0, x1, y0, y1 = exact(box)
    enter, leave = Fraction(0), Fraction(1)
    for start, delta, low, high in ((p[0], q[0] - p[0], x0, x1), (p[1], q[1] - p[1], y0, y1)):
        if delta == 0:
            if not low <= start <= high:
                return False
            continue
        a, b = sorted(((low - start) / delta, (high - start) / delta))
        enter, leave = max(enter, a), min(leave, b)
    return enter <= leave


def check():
    number = r"[+-]?\d+(?:\.\d+)?"
    pair = rf"[\[(]\s*{number}\s*,\s*{number}\s*[\])]"
    if not re.fullmatch(rf"\s*[\[(]\s*{pair}(?:\s*,\s*{pair})*\s*,?\s*[\])]\s*", ANSWER):
        return "Wrong: not a list of pairs of decimal numbers"
    flat = [Fraction(n) for n in re.findall(number, ANSWER)]
    points = list(zip(flat[::2], flat[1::2]))
    if len(points) < 2:
        return "Wrong: fewer than two waypoints"
    if list(points[0]) != exact(START):
        return "Wrong: the first waypoint is not the start"
    if list(points[-1]) != exact(END):
        return "Wrong: the last waypoint is not the end"
    lines = list(zip(points, points[1:]))
    for number, (p, q) in enumerate(lines, 1):
        if any(meets(p, q, wall) for wall in WALLS):
            return f"Wrong: line {number} meets a wall"
        for name in AVOID:
            if meets(p, q, BOXES[name]):
                return f"Wrong: line {number} meets {name}"
    for name in VISIT:
        if not any(meets(p, q, BOXES[name]) for p, q in lines):
            return f"Wrong: {name} is not visited"
    return "Correct"


print(check())
