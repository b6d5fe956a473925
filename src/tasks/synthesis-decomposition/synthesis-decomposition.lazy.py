# Goes back to the first deal after every deal that was made.
START = {"A": 3, "B": 2, "C": 1, "X": 0}
METHODS = [
    [{"A": 1, "B": 1, "C": 1}, {"X": 1}],
    [{"A": 1, "B": 1}, {"C": 2}],
    [{"C": 2}, {"X": 1}],
]
# --- end of data ---

farm = dict(START)


def step():
    for uses, makes in METHODS:
        if all(farm[kind] >= n for kind, n in uses.items()):
            for kind, n in uses.items():
                farm[kind] -= n
            for kind, n in makes.items():
                farm[kind] += n
            return True
    return False


while step():
    pass
print(f"<<<{list(farm.values())}>>>")
