# Goes through the methods pass after pass; each is carried out one at a time until its blocks no longer suffice.
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

names = list(START)
stock = [START[name] for name in names]
plan = [
    ([(names.index(k), n) for k, n in uses.items()], [(names.index(k), n) for k, n in makes.items()])
    for uses, makes in METHODS
]

while True:
    before = stock[:]
    for uses, makes in plan:
        while all(stock[k] >= n for k, n in uses):
            for k, n in uses:
                stock[k] -= n
            for k, n in makes:
                stock[k] += n
    if stock == before:
        break

print("<<<" + str(stock) + ">>>")
