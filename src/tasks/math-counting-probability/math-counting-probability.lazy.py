# Guesses probabilities by simulation and counts by half-remembered formulas; rounds to a nice fraction.
PARTS = [["pennants", 3, 2, 2], ["urn", 5, 6, 3, 1]]
OPERATIONS = ["+"]
# --- end of data ---

import random
from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb, factorial

random.seed(1)


def often(event, tries=3000):
    return sum(event() for _ in range(tries)) / tries


def part(family, n):
    if family == "pennants":
        return factorial(sum(n)) // (factorial(n[0]) * factorial(n[1]))
    if family == "apart":
        return sum(all(y - x > 1 for x, y in zip(c, c[1:])) for c in combinations(range(min(n[0], 16)), n[1]))
    if family == "round-table":
        return factorial(n[1]) * factorial(n[0] - n[1] + 1)
    if family == "committee":
        return comb(n[0], n[3]) * comb(n[0] + n[1] - n[3], n[2] - n[3])
    if family == "boxes":
        return comb(n[0] - n[1] * n[2] + n[1] - 1, n[1] - 1)
    if family == "no-empty":
        return sum(len(set(s)) == n[1] for s in product(range(n[1]), repeat=n[0])) if n[1] ** n[0] < 10**5 else n[1] ** n[0]
    if family == "digit-sum":
        return sum(sum(map(int, str(x))) == n[1] for x in range(10 ** min(n[0], 5)))
    if family == "multiples":
        return sum(n[0] // m for m in n[1:])
    if family in ("blocked-corner", "through-and-not"):
        return comb(n[0] + n[1], n[0]) - comb(n[2] + n[3], n[2])
    if family == "coefficient":
        return comb(n[2], n[3]) * n[0] ** n[3] * n[1] ** (n[2] - n[3])
    if family == "triangles":
        return comb(n[0], 3) - comb(n[1], 2)
    if family == "rectangles":
        return n[2] * n[3] * (n[0] - n[2]) * (n[1] - n[3])
    if family == "couples":
        return factorial(n[0] + n[1])
    if family == "dice-sum":
        return often(lambda: sum(random.randint(1, n[1]) for _ in range(n[0])) == n[2])
    if family == "dice-highest":
        return often(lambda: max(random.randint(1, n[1]) for _ in range(n[0])) == n[2])
    if family == "bent-coin":
        return often(lambda: sum(random.random() < n[0] / n[1] for _ in range(n[2])) >= n[3])
    if family == "which-machine":
        return n[1] / (n[1] + n[3])
    if family == "hats" and n[0] <= 7:
        orders = list(permutations(range(n[0])))
        return sum(sum(i == x for i, x in enumerate(p)) == n[1] for p in orders) / len(orders)
    if family == "socks":
        return sum(comb(x, 2) for x in n) / comb(sum(n), 2)
    if family == "never-behind":
        return (n[0] - n[1]) / (n[0] + n[1])
    return 0.5


result = part(PARTS[0][0], PARTS[0][1:])
for operation, (family, *numbers) in zip(OPERATIONS, PARTS[1:]):
    value = part(family, numbers)
    try:
        result = {"+": result + value, "-": result - value, "*": result * value}.get(operation, result / (value or 1))
    except OverflowError:
        result = 0
if isinstance(result, float):
    result = Fraction(result).limit_denominator(2000)
print(f"<<<{result}>>>")
