# Puts operators and parentheses between numbers in a fixed order: whole-number dynamic programming over intervals.
NUMBERS = [6, 2, 7]
TARGET = 10
# --- end of data ---

import random
import sys
from fractions import Fraction

sys.setrecursionlimit(10_000)
BOUND = max(20_000, 4 * abs(TARGET))


def combine(left, right, out):
    """All results of one operation; division in exact fractions."""
    for a in left:
        for b in right:
            for op, value in (("+", a + b), ("-", a - b), ("*", a * b), ("/", Fraction(a) / b if b else None)):
                if value is not None and abs(value) <= BOUND and value not in out:
                    if op == "/" and value.denominator == 1:
                        value = int(value)
                    out[value] = (op, a, b)


def search(numbers, target, whole_only, keep, rng):
    """Values of every interval with one way to make each; the last step looks for the target only."""
    n = len(numbers)
    table = {(i, i + 1): {numbers[i]: None} for i in range(n)}
    origin = {}
    for size in range(2, n):
        for i in range(n - size + 1):
            j = i + size
            made = {}
            for k in range(i + 1, j):
                out = {}
                combine(table[i, k], table[k, j], out)
                for value, (op, a, b) in out.items():
                    if value not in made and not (whole_only and value.__class__ is Fraction):
                        made[value] = (k, op, a, b)
            if len(made) > keep:
                small = sorted(made, key=abs)
                chosen = small[: keep // 2] + rng.sample(small[keep // 2:], keep - keep // 2)
                made = {value: made[value] for value in chosen}
            table[i, j] = made

    def write(i, j, value):
        how = table[i, j][value]
        if how is None:
            return [str(value)]
        k, op, a, b = how
        return ["("] + write(i, k, a) + [op] + write(k, j, b) + [")"]

    for k in range(1, n):
        left, right = table[0, k], table[k, n]
        for a in left:
            tries = [("+", target - a), ("-", a - target)]
            if a and target:
                tries += [("*", Fraction(target) / a), ("/", Fraction(a) / target)]
            for op, b in tries:
                if b in right and not (op == "/" and b == 0):
                    if b.__class__ is Fraction and b.denominator == 1:
                        b = int(b)
                    return write(0, k, a) + [op] + write(k, n, b)
    return None


def solve(numbers, target):
    rng = random.Random(1)
    if len(numbers) <= 6:
        found = search(numbers, target, False, 10**9, rng)
        if found:
            return found
    if len(numbers) <= 8:
        return search(numbers, target, True, 10**9, rng)
    return long_row(numbers, target, rng)


def near(numbers, target, rng):
    """A long row for a small target: all but the last eight numbers are added and subtracted towards zero."""
    cut = max(0, len(numbers) - 8)
    total, head = 0, []
    for number in numbers[:cut]:
        op = "-" if total > 0 else "+"
        total += number if op == "+" else -number
        head += [op, str(number)]
    for shift in range(cut + 1):
        # If the rest cannot be reached, the sign of one number is turned.
        if shift:
            was = head[2 * shift - 2]
            if shift == 1:
                continue
            turned = head[:]
            turned[2 * shift - 2] = "+" if was == "-" else "-"
            change = int(head[2 * shift - 1]) * (2 if was == "-" else -2)
        else:
            turned, change = head, 0
        found = search(numbers[cut:], target - total - change, True, 150, rng)
        if found:
            return turned[1:] + (["+", "("] if turned else ["("]) + found + [")"]
    return None


def long_row(numbers, target, rng):
    """Writes the target as A * B + C, with A from the first numbers, B from the next ones and C from the rest."""
    if target < 1000:
        found = near(numbers, target, rng)
        if found:
            return found
    for first in (3, 4, 2):
        for second in (6, 7, 5):
            for a in sorted(whole_values(numbers[:first]), key=lambda v: abs(v * v - target)):
                if a < 2:
                    continue
                b = round(target / a)
                left = search(numbers[:first], a, False, 10**9, rng)
                middle = search(numbers[first:first + second], b, True, 300, rng)
                if not left or not middle:
                    continue
                rest = near(numbers[first + second:], target - a * b, rng)
                if rest:
                    return ["("] + left + [")", "*", "("] + middle + [")", "+", "("] + rest + [")"]
    return None


def whole_values(numbers):
    if len(numbers) == 1:
        return {numbers[0]}
    out = {}
    for k in range(1, len(numbers)):
        combine(whole_values(numbers[:k]), whole_values(numbers[k:]), out)
    return {value for value in out if value.__class__ is int}


print(f"<<<[{', '.join(solve(NUMBERS, TARGET))}]>>>")
