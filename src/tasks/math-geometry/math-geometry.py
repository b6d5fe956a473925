# Builds every figure from coordinates, measures it exactly, and combines the parts.
PARTS = [["heron", 13, 14, 15], ["chord", 5, 3]]
OPERATIONS = ["+"]
# --- end of data ---

from fractions import Fraction as F
from math import isqrt


def square_free(n):
    """n = outer^2 * rad; trial division up to the cube root leaves a prime, a product of two, or a square."""
    outer, rad, p = 1, 1, 2
    while p * p * p <= n:
        times = 0
        while n % p == 0:
            n //= p
            times += 1
        outer *= p ** (times // 2)
        rad *= p ** (times % 2)
        p += 1 if p == 2 else 2
    r = isqrt(n)
    return (outer * r, rad) if r * r == n else (outer, rad * n)


class Exact:
    """A sum of fraction * sqrt(square-free number) * pi^k."""

    def __init__(self, terms):
        self.terms = {key: value for key, value in terms.items() if value}

    @staticmethod
    def of(x):
        return x if isinstance(x, Exact) else Exact({(1, 0): F(x)})

    def __add__(self, other):
        out = dict(self.terms)
        for key, value in Exact.of(other).terms.items():
            out[key] = out.get(key, F(0)) + value
        return Exact(out)

    __radd__ = __add__

    def __neg__(self):
        return Exact({key: -value for key, value in self.terms.items()})

    def __sub__(self, other):
        return self + -Exact.of(other)

    def __rsub__(self, other):
        return Exact.of(other) - self

    def __mul__(self, other):
        out = {}
        for (r1, p1), x in self.terms.items():
            for (r2, p2), y in Exact.of(other).terms.items():
                outer, rad = square_free_product(r1, r2)
                out[rad, p1 + p2] = out.get((rad, p1 + p2), F(0)) + x * y * outer
        return Exact(out)

    __rmul__ = __mul__

    def __truediv__(self, other):
        ((rad, power), value), = Exact.of(other).terms.items()
        return self * Exact({(rad, -power): 1 / (value * rad)})

    def __rtruediv__(self, other):
        return Exact.of(other) / self

    def __str__(self):
        parts = []
        for (rad, power), value in self.terms.items():
            factors = [f"({value})"]
            if rad != 1:
                factors.append(f"sqrt({rad})")
            if power:
                factors.append(f"pi^({power})")
            parts.append("*".join(factors))
        return " + ".join(parts) or "0"


def square_free_product(r1, r2):
    from math import gcd

    g = gcd(r1, r2)
    return g, (r1 // g) * (r2 // g)


PI = Exact({(1, 1): F(1)})


def sqrt(x):
    x = F(x)
    outer, rad = square_free(x.numerator * x.denominator)
    return Exact({(rad, 0): F(outer, x.denominator)})


COS = {30: sqrt(F(3, 4)), 45: sqrt(F(1, 2)), 60: Exact.of(F(1, 2)), 90: Exact.of(0)}
COS.update({180 - angle: -value for angle, value in list(COS.items())})
SIN = {angle: COS[abs(90 - angle)] if angle != 90 else Exact.of(1) for angle in COS}


def triangle(a, b, c):
    """AB = a along the x axis from A, AC = b, BC = c: the coordinates of C, its height squared."""
    x = F(a * a + b * b - c * c, 2 * a)
    return x, F(b * b) - x * x


def heron(a, b, c):
    _, height2 = triangle(a, b, c)
    return F(a, 2) * sqrt(height2)


def inradius(a, b, c):
    # the inscribed circle splits the triangle in three of that height
    return heron(a, b, c) / F(a + b + c, 2)


def circumradius(a, b, c):
    # the centre (a/2, y) is as far from A = (0, 0) as from C = (x, h)
    x, height2 = triangle(a, b, c)
    y = (x * x + height2 - a * x) / (2 * sqrt(height2))
    y2 = (y * y).terms.get((1, 0), F(0))
    return sqrt(F(a * a, 4) + y2)


def third_side(a, b, angle):
    end = (b * COS[angle], b * SIN[angle])
    square = (end[0] - a) * (end[0] - a) + end[1] * end[1]
    return sqrt(square.terms.get((1, 0), F(0)))


def two_sides_area(a, b, angle):
    return F(a, 2) * (b * SIN[angle])


def bisector(a, b, c):
    x, height2 = triangle(a, b, c)
    t = F(a, a + b)  # BD : DC = AB : AC
    return sqrt((a + t * (x - a)) ** 2 + t * t * height2)


def median(a, b, c):
    x, height2 = triangle(a, b, c)
    return sqrt(((a + x) / 2) ** 2 + height2 / 4)


def altitude(a, b):
    # foot of the perpendicular from the origin on the line from (a, 0) to (0, b)
    t = F(a * a, a * a + b * b)
    return sqrt((a - a * t) ** 2 + (b * t) ** 2)


def parallel_cut(s, b, c):
    small = F(b, b + c)
    corner_a, corner_b, corner_c = (F(0), F(0)), (F(2 * s), F(0)), (F(0), F(1))
    d = (corner_b[0] * small, corner_b[1] * small)
    e = (corner_c[0] * small, corner_c[1] * small)
    return polygon([d, corner_b, corner_c, e])


def polygon(points):
    """Area by trapezoids under the edges."""
    total = F(0)
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
        total += F(y1 + y2) * (x2 - x1) / 2
    return abs(total)


def pairs(numbers):
    return list(zip(numbers[::2], numbers[1::2]))


def points_inside(*numbers):
    corners = pairs(numbers)
    total = 0
    for y in range(min(p[1] for p in corners) + 1, max(p[1] for p in corners)):
        cuts = []
        for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1]):
            if y1 != y2 and min(y1, y2) <= y <= max(y1, y2):
                cuts.append(x1 + F((y - y1) * (x2 - x1), y2 - y1))
        low, high = min(cuts), max(cuts)
        first = low.__floor__() + 1
        last = high.__ceil__() - 1
        total += max(0, last - first + 1)
    return total


def point_line(a, b, c, d, e):
    t = F(e - c * a - d * b, c * c + d * d)
    return sqrt((c * t) ** 2 + (d * t) ** 2)


def moves(a, b, c, d, e, f):
    turned = [c + 0 * (a - c) - 1 * (b - d), d + 1 * (a - c) + 0 * (b - d)]
    turned.reverse()
    return sqrt((turned[0] + e) ** 2 + (turned[1] + f) ** 2)


def tetrahedron(*n):
    rows = [[F(x) for x in n[i : i + 3]] for i in (0, 3, 6)]
    volume = F(1, 6)
    for k in range(3):
        pivot = next((r for r in range(k, 3) if rows[r][k]), None)
        if pivot is None:
            return F(0)
        rows[k], rows[pivot] = rows[pivot], rows[k]
        volume *= rows[k][k]
        for r in range(k + 1, 3):
            factor = rows[r][k] / rows[k][k]
            rows[r] = [x - factor * y for x, y in zip(rows[r], rows[k])]
    return abs(volume)


def trapezoid(a, b, c, d):
    _, height2 = triangle(a - b, c, d)
    return F(a + b, 2) * sqrt(height2)


def regular(n, s):
    """Corner radius squared, inner radius squared, area."""
    tangent = {3: sqrt(3), 4: Exact.of(1), 6: 1 / sqrt(3)}[n]
    inner = F(s, 2) / tangent
    inner2 = (inner * inner).terms[1, 0]
    return inner2 + F(s * s, 4), inner2, F(n * s, 2) * inner


def segment(r, angle):
    sector = PI * F(r * r * angle, 360)
    return sector - F(r, 2) * (r * SIN[angle])


def outer_tangent(a, b, c):
    return sqrt(c * c - abs(a - b) ** 2)


def inner_tangent(a, b, c):
    # the line cuts the axis in the ratio a : b; two right triangles
    one, two = F(a * c, a + b), F(b * c, a + b)
    return sqrt(one**2 - a * a) + sqrt(two**2 - b * b)


def arcs(a, b, c, d):
    # angle AXB is the sum of the inscribed angles over AB and CD
    degree = F(360, a + b + c + d)
    return degree * a / 2 + degree * c / 2


def cyclic(a, b, c, d):
    # the diagonal splits it in two triangles with opposite cosines
    cosine = F(a * a + b * b - c * c - d * d, 2 * (a * b + c * d))
    return F(a * b + c * d, 2) * sqrt(1 - cosine**2)


def frustum(a, b, c):
    whole = F(a * c, a - b)
    return PI * (F(a * a) * whole - F(b * b) * (whole - c)) / 3


def ball(a, b, c):
    radius = sqrt(a * a + b * b + c * c) / 2
    return radius * radius * radius * PI * F(4, 3)


def pyramid(a, b):
    slant = sqrt(b * b + F(a * a, 4))
    return a * a + 4 * (F(a, 2) * slant)


def spider(a, b, c):
    return sqrt(min((x + y) ** 2 + z * z for x, y, z in ((a, b, c), (b, c, a), (c, a, b))))


SOLVERS = {
    "heron": heron,
    "inradius": inradius,
    "circumradius": circumradius,
    "third-side": third_side,
    "two-sides-area": two_sides_area,
    "bisector": bisector,
    "median": median,
    "altitude": altitude,
    "parallel-cut": parallel_cut,
    "polygon-area": lambda *n: polygon(pairs(n)),
    "pentagon-area": lambda *n: polygon(pairs(n)),
    "points-inside": points_inside,
    "point-line": point_line,
    "moves": moves,
    "tetrahedron": tetrahedron,
    "trapezoid": trapezoid,
    "outside-incircle": lambda n, s: regular(n, s)[2] - PI * regular(n, s)[1],
    "inside-circumcircle": lambda n, s: PI * regular(n, s)[0] - regular(n, s)[2],
    "segment": segment,
    "tangent-chord": lambda a, b: PI * (F(a, 2) ** 2 + b * b) + PI * (b * b),
    "chord": lambda a, b: sqrt(a * a - b * b) + sqrt(a * a - b * b),
    "outer-tangent": outer_tangent,
    "inner-tangent": inner_tangent,
    "crossing-chords": lambda a, b, c: c + F(a, c) * b,
    "tangent-secant": lambda a, b: sqrt(F(a * 2 + b, 2) ** 2 - F(b, 2) ** 2),
    "arcs": arcs,
    "cyclic-quadrilateral": cyclic,
    "cone": lambda a, b: PI * (a * a) + PI * a * sqrt(a * a + b * b),
    "frustum": frustum,
    "box-in-sphere": ball,
    "pyramid": pyramid,
    "cylinder-in-sphere": lambda a, b: PI * ((a * a - F(b, 2) ** 2) * b),
    "spider": spider,
}

values = [Exact.of(SOLVERS[family](*numbers)) for family, *numbers in PARTS]
result = values[0]
for operation, value in zip(OPERATIONS, values[1:]):
    if operation == "+":
        result = result + value
    elif operation == "-":
        result = result - value
    else:
        result = result * value
print(f"<<<{result}>>>")
