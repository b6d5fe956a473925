# Finds an expression over all numbers that equals the target, in exact fractions.
NUMBERS = [2, 3, 5, 12]
TARGET = 24
# --- end of data ---

import random
import re
from fractions import Fraction
from functools import lru_cache


@lru_cache(maxsize=None)
def reachable(bag):
    """All values that a sorted tuple of numbers can make, each with one expression."""
    if len(bag) == 1:
        return {Fraction(bag[0]): str(bag[0])}
    made = {}
    for mask in range(1, 2 ** (len(bag) - 1)):
        left = tuple(n for i, n in enumerate(bag) if mask >> i & 1)
        right = tuple(n for i, n in enumerate(bag) if not mask >> i & 1)
        for a, ea in reachable(left).items():
            for b, eb in reachable(right).items():
                made.setdefault(a + b, f"({ea} + {eb})")
                made.setdefault(a * b, f"({ea} * {eb})")
                made.setdefault(a - b, f"({ea} - {eb})")
                made.setdefault(b - a, f"({eb} - {ea})")
                if b:
                    made.setdefault(a / b, f"({ea} / {eb})")
                if a:
                    made.setdefault(b / a, f"({eb} / {ea})")
    return made


def split_search(numbers, goal):
    """Meets in the middle: what one half makes must complete what the other half makes."""
    bag = tuple(sorted(numbers))
    if len(bag) == 1:
        return str(bag[0]) if bag[0] == goal else None
    for mask in range(1, 2 ** (len(bag) - 1)):
        left = reachable(tuple(n for i, n in enumerate(bag) if mask >> i & 1))
        right = reachable(tuple(n for i, n in enumerate(bag) if not mask >> i & 1))
        for small, big in ((left, right), (right, left)):
            if len(small) > len(big):
                continue
            for a, ea in small.items():
                tries = [("{} + {}", goal - a), ("{} - {}", a - goal), ("{1} - {0}", goal + a)]
                if a:
                    tries += [("{} * {}", goal / a), ("{1} / {0}", goal * a)]
                if goal:
                    tries += [("{} / {}", a / goal)]
                for form, needed in tries:
                    if needed in big and not (form == "{} / {}" and needed == 0):
                        return form.format(ea, big[needed])
    return None


def solve(numbers, target):
    goal = Fraction(target)
    if len(numbers) <= 6:
        return split_search(numbers, goal)
    # Many numbers: merge random pairs, mostly by differences, which stay small, until six are left; then search for real.
    rng = random.Random(24)
    while True:
        items = [(n, str(n)) for n in numbers]
        while len(items) > 6:
            rng.shuffle(items)
            (a, ea), (b, eb) = items.pop(), items.pop()
            if a < b:
                a, ea, b, eb = b, eb, a, ea
            items.append((a + b, f"({ea} + {eb})") if rng.random() < 0.2 else (a - b, f"({ea} - {eb})"))
        found = split_search([value for value, _ in items], goal)
        if found is None:
            continue
        # Put the merged expressions back in the place of their values.
        texts = {}
        for value, text in items:
            texts.setdefault(value, []).append(text)
        parts = re.split(r"(\d+)", found)
        return "".join(texts[int(part)].pop() if part.isdigit() else part for part in parts)


print(f"<<<{solve(NUMBERS, TARGET)}>>>")
