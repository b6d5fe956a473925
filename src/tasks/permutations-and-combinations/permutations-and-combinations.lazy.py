# Walks through all orders until one fits; gives up after a while and prints the best order so far.
BOOKS = ["A", "B", "C"]
RULES = [["not", "A", 1], ["left", "C", "A"], ["adjacent", "B", "C"]]
# --- end of data ---

import itertools


def broken(order):
    place = {book: i + 1 for i, book in enumerate(order)}
    count = 0
    for kind, book, value in RULES:
        at = place[book]
        ok = {
            "fixed": at == value,
            "not": at != value,
            "left": kind == "left" and at < place.get(value, 0),
            "right": kind == "right" and at > place.get(value, 0),
            "adjacent": kind == "adjacent" and abs(at - place.get(value, -9)) == 1,
        }[kind]
        count += not ok
    return count


best = (len(RULES) + 1, BOOKS)
for tries, order in enumerate(itertools.permutations(BOOKS)):
    if tries > 40_000:
        break
    faults = broken(order)
    if faults < best[0]:
        best = (faults, list(order))
    if faults == 0:
        break
print("<<<[" + ", ".join(f'"{book}"' for book in best[1]) + "]>>>")
