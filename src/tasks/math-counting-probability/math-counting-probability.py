# Counts step by step (tables, automata, recurrences), with no closed formulas, and combines the parts exactly.
PARTS = [["pennants", 3, 2, 2], ["urn", 5, 6, 3, 1]]
OPERATIONS = ["+"]
# --- end of data ---

from fractions import Fraction as F
from math import gcd


def pascal(n):
    """Row n of Pascal's triangle, by additions."""
    row = [1]
    for _ in range(n):
        row = [x + y for x, y in zip([0] + row, row + [0])]
    return row


def multiply(p, q):
    out = [0] * (len(p) + len(q) - 1)
    for i, x in enumerate(p):
        if x:
            for j, y in enumerate(q):
                out[i + j] += x * y
    return out


def pick(polynomial, k):
    return polynomial[k] if 0 <= k < len(polynomial) else 0


def grid(width, height, blocked=(), start=(0, 0)):
    """Monotone paths from start to (width, height)."""
    ways = {}
    for x in range(start[0], width + 1):
        for y in range(start[1], height + 1):
            if (x, y) in blocked:
                ways[x, y] = 0
            elif (x, y) == start:
                ways[x, y] = 1
            else:
                ways[x, y] = ways.get((x - 1, y), 0) + ways.get((x, y - 1), 0)
    return ways[width, height]


def sums(count, low, high, total):
    """Ordered lists of `count` numbers from low to high with the given total: a sliding window."""
    ways = [1] + [0] * total
    for _ in range(count):
        new, window = [0] * (total + 1), 0
        for s in range(total + 1):
            if s >= low:
                window += ways[s - low]
            if s > high:
                window -= ways[s - high - 1]
            new[s] = window
        ways = new
    return ways[total]


def pennants(a, b, c):
    ways = {(0, 0, 0): 1}
    for x in range(a + 1):
        for y in range(b + 1):
            for z in range(c + 1):
                if x or y or z:
                    ways[x, y, z] = (
                        ways.get((x - 1, y, z), 0) + ways.get((x, y - 1, z), 0) + ways.get((x, y, z - 1), 0)
                    )
    return ways[a, b, c]


def pennants_large(a, b, c):
    return pick(pascal(a + b), a) * pick(pascal(a + b + c), c)


def apart(a, b):
    # state: was the last chair chosen; list index: how many are chosen
    free, taken = [1] + [0] * b, [0] * (b + 1)
    for _ in range(a):
        free, taken = [x + y for x, y in zip(free, taken)], [0] + free[:-1]
    return free[b] + taken[b]


def round_table(a, b):
    # Guest 1 of the group fixes the rotation; the block may start up to b - 1 seats before that guest.
    inside = 1
    for i in range(1, b):
        inside *= i
    outside = 1
    for i in range(1, a - b + 1):
        outside *= i
    return sum(inside * outside for _ in range(b))


def committee(a, b, c, d):
    women, men = pascal(a), pascal(b)
    return sum(pick(women, w) * pick(men, c - w) for w in range(d, c + 1))


def no_empty(a, b):
    # used[k]: strings with exactly k of the b symbols seen so far
    used = [1] + [0] * b
    for _ in range(a):
        used = [0] + [used[k] * k + used[k - 1] * (b - k + 1) for k in range(1, b + 1)]
    return used[b]


def multiples(a, b, c, d):
    period = b
    for n in (c, d):
        period = period * n // gcd(period, n)
    hits = [any(n % m == 0 for m in (b, c, d)) for n in range(1, period + 1)]
    full, rest = divmod(a, period)
    return full * sum(hits) + sum(hits[:rest])


def through_and_not(a, b, c, d, e, f):
    return grid(c, d) * grid(a, b, {(e, f)}, (c, d))


def coefficient(a, b, c, d):
    polynomial = [1]
    for _ in range(c):
        polynomial = multiply(polynomial, [-b, a])
    return polynomial[d]


def stairs(a, b, c, d):
    total = 0
    for i in range(a // b + 1):
        for j in range((a - i * b) // c + 1):
            rest = a - i * b - j * c
            if rest % d == 0:
                k = rest // d
                total += pennants_large(i, j, k)
    return total


def no_run(a, b, c):
    run = [1] + [0] * (b - 1)
    for _ in range(a):
        run = [sum(run) * (c - 1)] + run[:-1]
    return sum(run)


def triangles(a, b):
    # Triangles by their corner with the highest number; points 1..b lie on the line.
    total = 0
    for third in range(3, a + 1):
        lower = third - 1
        pairs = lower * (lower - 1) // 2
        total += pairs - (pairs if third <= b else 0)
    return total


def rectangles(a, b, c, d):
    rows = sum(1 for top in range(1, a + 1) for bottom in range(top, a + 1) if top <= c <= bottom)
    columns = sum(1 for left in range(1, b + 1) for right in range(left, b + 1) if left <= d <= right)
    return rows * columns


def even_sum(a, b):
    even, odd = [1] + [0] * b, [0] * (b + 1)
    for n in range(1, a + 1):
        for k in range(b, 0, -1):
            if n % 2:
                even[k], odd[k] = even[k] + odd[k - 1], odd[k] + even[k - 1]
            else:
                even[k], odd[k] = even[k] + even[k - 1], odd[k] + odd[k - 1]
    return even[b]


def couples(a, b):
    # Units are put into the row one after another.
    ways, units = 1, 0
    for unit in ["couple"] * a + ["single"] * b:
        units += 1
        ways *= units * (2 if unit == "couple" else 1)
    return ways


def dice_highest(a, b, c):
    below, hit = 1, 0  # rolls that stay under c; rolls whose highest is c
    for _ in range(a):
        below, hit = below * (c - 1), below + hit * c
    return F(hit, b**a)


def urn(a, b, c, d):
    # chance[r]: r red balls so far
    chance = [F(1)]
    for drawn in range(c):
        left = a + b - drawn
        new = [F(0)] * (len(chance) + 1)
        for r, p in enumerate(chance):
            new[r] += p * F(max(0, b - (drawn - r)), left)
            new[r + 1] += p * F(max(0, a - r), left)
        chance = new
    return chance[d]


def bent_coin(a, b, c, d):
    weights = [1]
    for _ in range(c):
        weights = multiply(weights, [b - a, a])
    return F(sum(weights[d:]), b**c)


def which_machine(a, b, c, d):
    one, two = F(1, 2) * F(b, a), F(1, 2) * F(d, c)
    return one / (one + two)


def series(a, b, c):
    p = F(a, b)
    chance = {(0, 0): F(1)}
    won = F(0)
    for x in range(c):
        for y in range(c):
            here = chance.get((x, y), F(0))
            if x + 1 == c:
                won += here * p
            else:
                chance[x + 1, y] = chance.get((x + 1, y), F(0)) + here * p
            if y + 1 < c:
                chance[x, y + 1] = chance.get((x, y + 1), F(0)) + here * (1 - p)
    return won


def hats(a, b):
    wrong = [1, 0]
    for n in range(2, a + 1):
        wrong.append((n - 1) * (wrong[-1] + wrong[-2]))
    orders = 1
    for n in range(2, a + 1):
        orders *= n
    return F(pick(pascal(a), b) * wrong[a - b], orders)


def faces_seen(a, b):
    seen = [1] + [0] * a
    for _ in range(b):
        seen = [0] + [seen[k] * k + seen[k - 1] * (a - k + 1) for k in range(1, a + 1)]
    return F(sum(k * ways for k, ways in enumerate(seen)), a**b)


def jokers(a, b, c):
    # Sum over the place of the joker, by the number of arrangements with it there.
    rows = [[1]]
    for _ in range(a):
        rows.append([x + y for x, y in zip([0] + rows[-1], rows[-1] + [0])])
    total = sum(
        place * pick(rows[place - 1], c - 1) * pick(rows[a - place], b - c) for place in range(1, a + 1)
    )
    return F(total, rows[a][b])


def socks(*colours):
    everything = sum(colours)
    return sum(F(n, everything) * F(n - 1, everything - 1) for n in colours)


def coincidence(a, b):
    apart_so_far = F(1)
    for person in range(a):
        apart_so_far *= F(b - person, b)
    return 1 - apart_so_far


def never_behind(a, b):
    good = {}
    for x in range(a + 1):
        for y in range(min(x, b) + 1):
            good[x, y] = 1 if x == y == 0 else good.get((x - 1, y), 0) + good.get((x, y - 1), 0)
    return F(good[a, b], grid(a, b))


def two_arrivals(a, b, c):
    # The rectangle is cut by the line x + y = c; the area of what is left, corner by corner.
    corners = [(0, 0), (a, 0), (a, b), (0, b)]
    kept = []
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1]):
        s1, s2 = c - x1 - y1, c - x2 - y2
        if s1 >= 0:
            kept.append((F(x1), F(y1)))
        if (s1 > 0 > s2) or (s1 < 0 < s2):
            t = F(s1, s1 - s2)
            kept.append((x1 + t * (x2 - x1), y1 + t * (y2 - y1)))
    double = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(kept, kept[1:] + kept[:1]))
    return abs(double) / 2 / (a * b)


SOLVERS = {
    "pennants": lambda a, b, c: pennants(a, b, c) if a * b * c < 100_000 else pennants_large(a, b, c),
    "apart": apart,
    "round-table": round_table,
    "committee": committee,
    "boxes": lambda a, b, c, d: sums(b, c, d, a),
    "no-empty": no_empty,
    "digit-sum": lambda a, b: sums(a, 0, 9, b),
    "multiples": multiples,
    "blocked-corner": lambda a, b, c, d: grid(a, b, {(c, d)}),
    "through-and-not": through_and_not,
    "coefficient": coefficient,
    "stairs": stairs,
    "no-run": no_run,
    "triangles": triangles,
    "rectangles": rectangles,
    "even-sum": even_sum,
    "couples": couples,
    "dice-sum": lambda a, b, c: F(sums(a, 1, b, c), b**a),
    "dice-highest": dice_highest,
    "urn": urn,
    "bent-coin": bent_coin,
    "which-machine": which_machine,
    "series": series,
    "hats": hats,
    "faces-seen": faces_seen,
    "jokers": jokers,
    "socks": socks,
    "coincidence": coincidence,
    "never-behind": never_behind,
    "two-arrivals": two_arrivals,
}

values = [F(SOLVERS[family](*numbers)) for family, *numbers in PARTS]
result = values[0]
for operation, value in zip(OPERATIONS, values[1:]):
    if operation == "+":
        result += value
    elif operation == "-":
        result -= value
    elif operation == "*":
        result *= value
    else:
        result /= value
print(f"<<<{result}>>>")
