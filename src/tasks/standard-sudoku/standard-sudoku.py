# Solves a sudoku as an exact cover: every cell, and every value in every row, column and block, exactly once.
BOX = 2
GRID = [[1, 2, 0, 4], [0, 4, 1, 0], [0, 1, 4, 0], [4, 0, 0, 1]]
# --- end of data ---

import sys

sys.setrecursionlimit(10000)
N = BOX * BOX


def needs(r, c, v):
    block = r // BOX * BOX + c // BOX
    return ("cell", r, c), ("row", r, v), ("column", c, v), ("block", block, v)


met = {need for r in range(N) for c in range(N) if GRID[r][c] for need in needs(r, c, GRID[r][c])}
choices = {}
open_needs = {}
for r in range(N):
    for c in range(N):
        for v in range(1, N + 1):
            wanted = needs(r, c, v)
            if met.isdisjoint(wanted):
                choices[(r, c, v)] = wanted
for r in range(N):
    for c in range(N):
        for v in range(1, N + 1):
            for need in needs(r, c, v):
                if need not in met:
                    open_needs.setdefault(need, set())
for choice, wanted in choices.items():
    for need in wanted:
        open_needs[need].add(choice)


def choose(choice):
    removed = []
    for need in choices[choice]:
        for rival in open_needs[need]:
            for other in choices[rival]:
                if other != need:
                    open_needs[other].discard(rival)
        removed.append(open_needs.pop(need))
    return removed


def undo(choice, removed):
    for need in reversed(choices[choice]):
        open_needs[need] = removed.pop()
        for rival in open_needs[need]:
            for other in choices[rival]:
                if other != need:
                    open_needs[other].add(rival)


def cover():
    if not open_needs:
        return []
    need = min(open_needs, key=lambda n: len(open_needs[n]))
    for choice in sorted(open_needs[need]):
        removed = choose(choice)
        rest = cover()
        if rest is not None:
            return [choice] + rest
        undo(choice, removed)
    return None


solution = [row[:] for row in GRID]
for r, c, v in cover() or []:
    solution[r][c] = v
print(f"<<<{solution}>>>")
