# Considers the deals in turn; each is made once per visit if it can be. Ends after as many refusals as there are deals.
START = {"A": 3, "B": 2, "C": 1, "X": 0}
METHODS = [
    [{"A": 1, "B": 1, "C": 1}, {"X": 1}],
    [{"A": 1, "B": 1}, {"C": 2}],
    [{"C": 2}, {"X": 1}],
]
# --- end of data ---

import itertools

kinds = list(START)
farm = [START[kind] for kind in kinds]
deals = [([uses.get(k, 0) for k in kinds], [makes.get(k, 0) for k in kinds]) for uses, makes in METHODS]

refused = 0
for give, receive in itertools.cycle(deals):
    if all(have >= need for have, need in zip(farm, give)):
        farm = [have - need + new for have, need, new in zip(farm, give, receive)]
        refused = 0
    else:
        refused += 1
        if refused == len(deals):
            break

print(f"<<<{farm}>>>")
