# Letters tied by equations move together: one value fixes the whole group. Groups are then combined, the tightest first.
NUMBERS = [2, 5, 6, 12]
STATEMENTS = ["B = 2.0 * A", "A + D = 8", "C > D"]
# --- end of data ---

import re
import sys
from fractions import Fraction

sys.setrecursionlimit(10_000)
letters = [chr(65 + i) for i in range(len(NUMBERS))]
allowed = set(NUMBERS)
equations, larger = [], []
for text in STATEMENTS:
    x, op, rest = text.split(" ", 2)
    if op == ">":
        larger.append((x, rest))
    elif op == "<":
        larger.append((rest, x))
    elif op == "=":
        factor, y = re.fullmatch(r"(?:([\d.]+) \* )?([A-Z])", rest).groups()
        equations.append((x, y, Fraction(factor or 1), Fraction(0)))
    else:
        y, total = rest.split(" = ")
        equations.append((x, y, Fraction(1 if op == "-" else -1), Fraction(total)))

# x = factor * y + shift, in both directions.
neighbours = {letter: [] for letter in letters}
for x, y, factor, shift in equations:
    neighbours[y].append((x, factor, shift))
    neighbours[x].append((y, 1 / factor, -shift / factor))

groups, seen = [], set()
for root in letters:
    if root in seen:
        continue
    members, queue = [root], [root]
    seen.add(root)
    for here in queue:
        for other, _, _ in neighbours[here]:
            if other not in seen:
                seen.add(other)
                members.append(other)
                queue.append(other)
    options = []
    for start in NUMBERS:
        value, queue, ok = {root: Fraction(start)}, [root], True
        for here in queue:
            for other, factor, shift in neighbours[here]:
                v = factor * value[here] + shift
                if other not in value:
                    value[other] = v
                    queue.append(other)
                ok = ok and value[other] == v
        ok = ok and all(v in allowed for v in value.values()) and len(set(value.values())) == len(value)
        ok = ok and all(value[p] > value[q] for p, q in larger if p in value and q in value)
        if ok:
            options.append({letter: int(v) for letter, v in value.items()})
    groups.append((members, options))


def filtered(groups):
    """Drops options that no option of another group can go with, until nothing changes."""
    changed = True
    while changed:
        changed = False
        low, high = {}, {}
        for members, options in groups:
            if not options:
                return None
            for letter in members:
                values = [option[letter] for option in options]
                low[letter], high[letter] = min(values), max(values)
        taken = [(members[0], v) for members, options in groups if len(options) == 1 for v in options[0].values()]
        owner = {v: name for name, v in taken}
        if len(owner) < len(taken):
            return None
        # A number that only one group can still provide has to come from there.
        providers = {v: [] for v in NUMBERS}
        for number, (members, options) in enumerate(groups):
            for v in {v for option in options for v in option.values()}:
                providers[v].append(number)
        if any(not found for found in providers.values()):
            return None
        must = {number: set() for number in range(len(groups))}
        for v, found in providers.items():
            if len(found) == 1:
                must[found[0]].add(v)
        new = []
        for number, (members, options) in enumerate(groups):
            kept = [
                option
                for option in options
                if all(owner.get(v, members[0]) == members[0] for v in option.values())
                and must[number] <= set(option.values())
                and all(option[p] > low[q] for p, q in larger if p in option and q not in option)
                and all(high[p] > option[q] for p, q in larger if q in option and p not in option)
            ]
            changed = changed or len(kept) < len(options)
            new.append((members, kept))
        groups = new
    return groups


def search(groups):
    groups = filtered(groups)
    if groups is None:
        return None
    open_groups = [number for number, (_, options) in enumerate(groups) if len(options) > 1]
    if not open_groups:
        return {letter: v for _, options in groups for letter, v in options[0].items()}
    pick = min(open_groups, key=lambda number: len(groups[number][1]))
    members, options = groups[pick]
    for option in options:
        found = search(groups[:pick] + [(members, [option])] + groups[pick + 1:])
        if found:
            return found
    return None


answer = search(groups)
print(f"<<<{[answer[letter] for letter in letters]}>>>")
