# Finds the opponent's cards: every card has a set of rounds it may have been played in, narrowed and then tried.
BEATS = {"A": "CE", "B": "AD", "C": "BE", "D": "AC", "E": "BD"}
MOVES = ["A", "B", "D"]
RESULTS = ["win", "draw", "loss"]
FACTS = []
# --- end of data ---

import sys

sys.setrecursionlimit(10_000)
n = len(MOVES)


def result(mine, theirs):
    return "win" if theirs in BEATS[mine] else "loss" if mine in BEATS[theirs] else "draw"


where = {card: {r for r in range(n) if result(MOVES[r], card) == RESULTS[r]} for card in BEATS}
orders = []
for kind, card, value in FACTS:
    if kind == "not":
        where[card].discard(value - 1)
    else:
        orders.append((kind, card, value))
must = {card for _, *pair in orders for card in pair}
if n == len(BEATS):
    must = set(BEATS)


def narrowed(where):
    while True:
        size = sum(map(len, where.values()))
        for kind, x, y in orders:
            if not where[x] or not where[y]:
                return None
            if kind == "earlier":
                last, first = max(where[y]), min(where[x])
                where[x] = {r for r in where[x] if r < last}
                where[y] = {r for r in where[y] if r > first}
            else:
                where[x] = {r for r in where[x] if r + 1 in where[y]}
                where[y] = {r for r in where[y] if r - 1 in where[x]}
        if any(not where[card] for card in must):
            return None
        for r in range(n):
            able = [card for card, rounds in where.items() if r in rounds]
            if not able:
                return None
            if len(able) == 1:
                where[able[0]] = {r}
        for card in must:
            if len(where[card]) == 1:
                (r,) = where[card]
                for other in where:
                    if other != card and r in where[other]:
                        where[other] = where[other] - {r}
        if sum(map(len, where.values())) == size:
            return where


def search(where, fixed):
    where = narrowed(dict(where))
    if where is None:
        return None
    pending = [r for r in range(n) if r not in fixed]
    if not pending:
        return fixed
    able = {r: [card for card, rounds in where.items() if r in rounds and card not in fixed.values()] for r in pending}
    r = min(pending, key=lambda r: len(able[r]))
    for card in able[r]:
        tried = {other: rounds - {r} for other, rounds in where.items()}
        tried[card] = {r}
        found = search(tried, {**fixed, r: card})
        if found:
            return found
    return None


answer = search(where, {})
print(f"<<<{','.join(answer[r] for r in range(n))}>>>")
