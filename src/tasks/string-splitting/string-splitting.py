# Visits the methods in turn; a visited method is carried out once if it can be. Stops after a round without any work.
START = {"A": 1, "B": 4, "C": 4, "X": 0, "Y": 0, "Z": 0}
METHODS = [
    [{"A": 1}, {"X": 2, "Y": 1}],
    [{"B": 2}, {"X": 1}],
    [{"C": 2}, {"Y": 1}],
    [{"B": 1, "C": 1}, {"A": 1}],
    [{"X": 1, "Y": 1}, {"Z": 1}],
]
# --- end of data ---

from collections import Counter

stock = Counter(START)
worked = True
while worked:
    worked = False
    for uses, makes in METHODS:
        if all(stock[kind] >= n for kind, n in uses.items()):
            stock.subtract(uses)
            stock.update(makes)
            worked = True

assert min(stock.values()) >= 0
print(f"<<<{[stock[kind] for kind in START]}>>>")
