# Arranges books on a shelf: fills positions from the left, remembering dead ends by (books placed, last book).
BOOKS = ["A", "B", "C"]
RULES = [["not", "A", 1], ["left", "C", "A"], ["adjacent", "B", "C"]]
# --- end of data ---

import sys

sys.setrecursionlimit(10_000)
n = len(BOOKS)
number = {book: i for i, book in enumerate(BOOKS)}
allowed = [[True] * n for _ in range(n)]
earlier = [0] * n
beside = [0] * n
for kind, book, value in RULES:
    b = number[book]
    if kind == "fixed":
        for p in range(n):
            if p != value - 1:
                allowed[b][p] = False
        for other in range(n):
            if other != b:
                allowed[other][value - 1] = False
    elif kind == "not":
        allowed[b][value - 1] = False
    elif kind == "left":
        earlier[number[value]] |= 1 << b
    elif kind == "right":
        earlier[b] |= 1 << number[value]
    else:
        beside[b] |= 1 << number[value]
        beside[number[value]] |= 1 << b

# Before a book come all that must come before it; so its place is bounded from both sides.
for k in range(n):
    for b in range(n):
        if earlier[b] >> k & 1:
            earlier[b] |= earlier[k]
later = [sum(1 << c for c in range(n) if earlier[c] >> b & 1) for b in range(n)]
first = [bin(earlier[b]).count("1") for b in range(n)]
last_place = [n - 1 - bin(later[b]).count("1") for b in range(n)]
deadline = [max([p for p in range(n) if allowed[b][p] and first[b] <= p <= last_place[b]], default=-1) for b in range(n)]

dead = set()


def fill(position, placed, last, order):
    if position == n:
        return order
    if (placed, last) in dead:
        return None
    due = beside[last] & ~placed if last >= 0 else 0
    if bin(due).count("1") <= 1:
        for b in range(n):
            if placed >> b & 1 or not allowed[b][position] or earlier[b] & ~placed:
                continue
            # A neighbour still missing beside the last book must come now.
            if due and not due >> b & 1:
                continue
            # Neighbours of this book that are placed already must be the last book.
            if beside[b] & placed & ~(1 << last if last >= 0 else 0):
                continue
            done = placed | 1 << b
            if any(deadline[c] <= position for c in range(n) if not done >> c & 1):
                continue
            found = fill(position + 1, done, b, order + [BOOKS[b]])
            if found:
                return found
    dead.add((placed, last))
    return None


answer = fill(0, 0, -1, [])
print("<<<[" + ", ".join(f'"{book}"' for book in answer) + "]>>>")
