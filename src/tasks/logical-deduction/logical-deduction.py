# Finds the one order that fits all clues: domains of places, arc consistency, branching on the tightest object.
OBJECTS = ["Kay", "Lou", "Max", "Ned"]
# Kinds: before a b; direct a b (next place); place a [k]; k < 0 counts from the end; apart a b [how many between]; ...
CLUES = [["before", ["Kay", "Max"], []], ["place", ["Ned"], [2]], ["place", ["Lou"], [-1]]]
OPTIONS = [["Kay", 3], ["Lou", 3], ["Max", 3], ["Ned", 3]]
# --- end of data ---

import itertools

n = len(OBJECTS)


def pos(k):
    return k if k > 0 else n + 1 + k


def test(kind, at):
    at = list(at)
    return {
        "before": lambda a, b: a < b,
        "direct": lambda a, b: b == a + 1,
        "adjacent": lambda a, b: abs(a - b) == 1,
        "not-adjacent": lambda a, b: abs(a - b) > 1,
        "apart": lambda a, b: abs(a - b) == at[0] + 1,
        "between": lambda a, b, c: a < b < c or c < b < a,
        "place": lambda a: a == pos(at[0]),
        "not-place": lambda a: a != pos(at[0]),
        "either": lambda a: a in (pos(at[0]), pos(at[1])),
        "end": lambda a: a in (1, n),
        "not-end": lambda a: a not in (1, n),
    }[kind]


constraints = [(tuple(who), test(kind, at)) for kind, who, at in CLUES]


def narrow(domains):
    """Keeps only values with support; None when a domain runs empty."""
    changed = True
    while changed:
        changed = False
        for who, ok in constraints:
            kept = [set() for _ in who]
            for values in itertools.product(*(domains[x] for x in who)):
                if ok(*values):
                    for keep, value in zip(kept, values):
                        keep.add(value)
            for x, keep in zip(who, kept):
                if len(keep) < len(domains[x]):
                    domains[x] = keep
                    changed = True
                    if not keep:
                        return None
        for x in OBJECTS:
            if len(domains[x]) == 1:
                value = next(iter(domains[x]))
                for y in OBJECTS:
                    if y != x and value in domains[y]:
                        domains[y] = domains[y] - {value}
                        changed = True
                        if not domains[y]:
                            return None
        for value in range(1, n + 1):
            takers = [x for x in OBJECTS if value in domains[x]]
            if not takers:
                return None
            if len(takers) == 1 and len(domains[takers[0]]) > 1:
                domains[takers[0]] = {value}
                changed = True
    return domains


def solutions(domains):
    domains = narrow(dict(domains))
    if domains is None:
        return
    open_ones = [x for x in OBJECTS if len(domains[x]) > 1]
    if not open_ones:
        yield {x: next(iter(domains[x])) for x in OBJECTS}
        return
    x = min(open_ones, key=lambda y: len(domains[y]))
    for value in sorted(domains[x]):
        yield from solutions({**domains, x: {value}})


start = {x: set(range(1, n + 1)) for x in OBJECTS}
for who, ok in constraints:
    if len(who) == 1:
        start[who[0]] = {v for v in start[who[0]] if ok(v)}
constraints = [c for c in constraints if len(c[0]) > 1]

order = next(solutions(start))
for letter, (who, place) in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", OPTIONS):
    if order[who] == pos(place):
        print(f"<<<({letter})>>>")
