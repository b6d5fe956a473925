# Measures the figures in floating point and guesses the exact form; some formulas are remembered wrongly.
PARTS = [["heron", 13, 14, 15], ["chord", 5, 3]]
OPERATIONS = ["+"]
# --- end of data ---

from fractions import Fraction
from math import cos, gcd, pi, radians, sin, sqrt, tan


def heron(a, b, c):
    s = (a + b + c) / 2
    return sqrt(s * (s - a) * (s - b) * (s - c))


def polygon(*n):
    points = list(zip(n[::2], n[1::2]))
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]))) / 2


MEASURE = {
    "heron": heron,
    "inradius": lambda a, b, c: heron(a, b, c) / (a + b + c),
    "circumradius": lambda a, b, c: a * b * c / 4 / heron(a, b, c),
    "third-side": lambda a, b, c: sqrt(a * a + b * b - 2 * a * b * cos(radians(c))),
    "two-sides-area": lambda a, b, c: a * b * sin(radians(c)) / 2,
    "bisector": lambda a, b, c: sqrt(a * b - a * b * c * c / (a + b) ** 2),
    "median": lambda a, b, c: (a + b) / 2,
    "altitude": lambda a, b: a * b / sqrt(a * a + b * b),
    "parallel-cut": lambda a, b, c: a * c / (b + c),
    "polygon-area": polygon,
    "pentagon-area": polygon,
    "points-inside": lambda *n: polygon(*n) - gcd(n[0] - n[2], n[1] - n[3]) / 2,
    "point-line": lambda a, b, c, d, e: abs(c * a + d * b - e) / sqrt(c * c + d * d),
    "moves": lambda a, b, c, d, e, f: sqrt((d + a - c + e) ** 2 + (c - b + d + f) ** 2),
    "trapezoid": lambda a, b, c, d: (a + b) / 2 * min(c, d),
    "outside-incircle": lambda n, s: n * s * s / 4 / tan(pi / n) - pi * (s / 2 / tan(pi / n)) ** 2,
    "inside-circumcircle": lambda n, s: pi * (s / 2 / sin(pi / n)) ** 2 - n * s * s / 4 / tan(pi / n),
    "segment": lambda a, b: a * a / 2 * (radians(b) - sin(radians(b))),
    "tangent-chord": lambda a, b: pi * (2 * b * b + a * a / 4),
    "chord": lambda a, b: 2 * sqrt(a * a - b * b),
    "outer-tangent": lambda a, b, c: sqrt(c * c - (a - b) ** 2),
    "inner-tangent": lambda a, b, c: sqrt(c * c - (a - b) ** 2),
    "crossing-chords": lambda a, b, c: a * b / c,
    "tangent-secant": lambda a, b: sqrt(a * b),
    "arcs": lambda a, b, c, d: 360 * a / (a + b + c + d),
    "cone": lambda a, b: pi * a * (a + sqrt(a * a + b * b)),
    "frustum": lambda a, b, c: pi * c * (a * a + a * b + b * b) / 3,
    "box-in-sphere": lambda a, b, c: pi * sqrt(a * a + b * b + c * c) ** 3 / 6,
    "pyramid": lambda a, b: a * a + 2 * a * b,
    "spider": lambda a, b, c: sqrt((a + b) ** 2 + c * c),
}

result = 0
for i, (family, *numbers) in enumerate(PARTS):
    value = MEASURE[family](*numbers) if family in MEASURE else 1
    operation = OPERATIONS[i - 1] if i else "+"
    result = result + value if operation == "+" else result - value if operation == "-" else result * value


def guess(x):
    for value, form in ((x, "{}"), (x / pi, "({})*pi"), (x * x, "sqrt({})"), ((x / pi) ** 2, "pi*sqrt({})")):
        nice = Fraction(value).limit_denominator(200)
        if abs(float(nice) - value) < 1e-9 * max(1, abs(value)):
            return form.format(nice)
    return x


print(f"<<<{guess(result)}>>>")
