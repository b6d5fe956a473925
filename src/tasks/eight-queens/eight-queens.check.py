# Checks a placement of n queens: on the board, unblocked, the given ones kept, none attacking another.
BOARD = [".#..", "...Q", "....", "...."]
ANSWER = "0 0, 1 3, 2 1, 3 2"
# --- end of data ---

import re

n = len(BOARD)
numbers = [int(x) for x in re.findall(r"-?\d+", ANSWER)]
queens = list(zip(numbers[::2], numbers[1::2]))
given = [(r, c) for r in range(n) for c in range(n) if BOARD[r][c] == "Q"]


def judge():
    if len(numbers) % 2 or len(queens) != n:
        return f"Wrong: {len(numbers)} numbers, {n} queens need {2 * n}"
    for r, c in queens:
        if not (0 <= r < n and 0 <= c < n):
            return f"Wrong: {r} {c} is off the board"
        if BOARD[r][c] == "#":
            return f"Wrong: {r} {c} is blocked"
    for queen in given:
        if queen not in queens:
            return f"Wrong: the given queen {queen[0]} {queen[1]} is missing"
    for name, line in (("row", lambda r, c: r), ("column", lambda r, c: c), ("diagonal", lambda r, c: r - c), ("diagonal", lambda r, c: r + c)):
        if len({line(r, c) for r, c in queens}) < n:
            return f"Wrong: two queens share a {name}"
    return "Correct"


print(judge())
