# Carries out each method as often as possible before it looks at the next one.
START = {"A": 1, "B": 4, "C": 4, "X": 0, "Y": 0, "Z": 0}
METHODS = [
    [{"A": 1}, {"X": 2, "Y": 1}],
    [{"B": 2}, {"X": 1}],
    [{"C": 2}, {"Y": 1}],
    [{"B": 1, "C": 1}, {"A": 1}],
    [{"X": 1, "Y": 1}, {"Z": 1}],
]
# --- end of data ---

stock = dict(START)
changed = True
while changed:
    changed = False
    for uses, makes in METHODS:
        while all(stock[kind] >= n for kind, n in uses.items()):
            for kind, n in uses.items():
                stock[kind] -= n
            for kind, n in makes.items():
                stock[kind] += n
            changed = True
print(f"<<<{list(stock.values())}>>>")
