# Carries out each method once per pass instead of as often as it can be.
START = {"[A]": 2, "[B]": 2, "[C]": 2, "{A}": 0, "{B}": 0, "{C}": 0, "(A)": 0, "(B)": 0, "(C)": 0}
METHODS = [
    [{"[A]": 1, "[B]": 1, "[C]": 1}, {"{A}": 1}],
    [{"[A]": 1, "[B]": 1}, {"{C}": 1}],
    [{"[B]": 1, "[C]": 1}, {"{B}": 1}],
    [{"[C]": 2}, {"{C}": 1}],
    [{"{A}": 1, "{C}": 1}, {"(A)": 1, "(B)": 1}],
    [{"{B}": 2}, {"(C)": 1}],
]
# --- end of data ---

stock = dict(START)
changed = True
while changed:
    changed = False
    for uses, makes in METHODS:
        if all(stock[kind] >= n for kind, n in uses.items()):
            for kind, n in uses.items():
                stock[kind] -= n
            for kind, n in makes.items():
                stock[kind] += n
            changed = True
print(f"<<<{list(stock.values())}>>>")
