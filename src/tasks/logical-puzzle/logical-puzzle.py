# Sums: branch over the numbers. Products: every positive number, then rectangles of negative ones until it is enough.
GRID = [[5, -2, 4], [-1, -3, 2], [1, 6, -4]]
COUNT = 4
MOST = None
# --- end of data ---

import itertools
import sys

sys.setrecursionlimit(10000)
N = len(GRID)
CORNER = (0, N - 1)
cells = [(r, c) for r in range(N) for c in range(N)]
value = {(r, c): GRID[r][c] for r, c in cells}


def by_sum():
    others = sorted((c for c in cells if c != CORNER), key=lambda c: value[c])

    def extend(chosen, start):
        rows, columns, numbers = {}, {}, set()
        for cell in chosen:
            rows[cell[0]] = rows.get(cell[0], 0) + value[cell]
            columns[cell[1]] = columns.get(cell[1], 0) + value[cell]
            numbers.add(value[cell])
        if max(list(rows.values()) + list(columns.values())) > MOST or len(numbers) < len(chosen):
            return None
        if len(chosen) == COUNT:
            return chosen
        for i in range(start, len(others)):
            found = extend(chosen + [others[i]], i + 1)
            if found:
                return found
        return None

    return extend([CORNER], 0)


def by_product():
    positive = {}
    for cell in cells:
        if value[cell] > 0:
            positive.setdefault(value[cell], cell)
    if value[CORNER] > 0:
        positive[value[CORNER]] = CORNER
    need = COUNT - len(positive)
    # Four negative numbers on the corners of a rectangle leave every product positive.
    columns_of = {r: [c for c in range(N) if GRID[r][c] < 0] for r in range(N)}
    pieces = []
    for a, b in itertools.combinations(range(N), 2):
        shared = [c for c in columns_of[a] if c in columns_of[b]]
        for c, d in itertools.combinations(shared, 2):
            pieces.append([(a, c), (a, d), (b, c), (b, d)])
    pieces = [p for p in pieces if len({value[c] for c in p}) == len(p)]
    if value[CORNER] < 0:
        pieces.sort(key=lambda p: CORNER not in p)

    def pack(start, chosen, numbers):
        if len(chosen) >= need and (value[CORNER] > 0 or CORNER in chosen):
            return chosen
        for i in range(start, len(pieces)):
            piece = pieces[i]
            if not chosen and value[CORNER] < 0 and CORNER not in piece:
                return None
            mine = {value[c] for c in piece}
            if numbers & mine:
                continue
            found = pack(i + 1, chosen + piece, numbers | mine)
            if found:
                return found
        return None

    negatives = pack(0, [], set())
    if negatives is None:
        return None
    rest = sorted(positive.values(), key=lambda c: c != CORNER)
    return (negatives + rest)[:COUNT]


result = by_product() if MOST is None else by_sum()
print("<<<" + ", ".join(f"{r} {c}" for r, c in result or []) + ">>>")
