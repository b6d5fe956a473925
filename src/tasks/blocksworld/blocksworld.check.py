# Checks a list of moves by carrying it out.
START = [["A", "B"], [], ["C"]]
GOAL = [["C"], ["B", "A"], []]
LIMIT = None
ANSWER = "Move B from 1 to 2\nMove A from 1 to 2\nMove C from 3 to 1"
# --- end of data ---

import re


def check():
    stacks = [list(s) for s in START]
    moves = [line.strip() for line in ANSWER.splitlines() if line.strip()]
    if LIMIT is not None and len(moves) > LIMIT:
        return f"Wrong: {len(moves)} moves, at most {LIMIT} are allowed"
    for number, line in enumerate(moves, 1):
        found = re.fullmatch(r"Move (\w+) from (?:stack)?(\d+) to (?:stack)?(\d+)", line)
        if not found:
            return f"Wrong: line {number} is no move: {line}"
        block, a, b = found[1], int(found[2]) - 1, int(found[3]) - 1
        if not (0 <= a < len(stacks) and 0 <= b < len(stacks)):
            return f"Wrong: line {number} names a stack that does not exist"
        if not stacks[a] or stacks[a][-1] != block:
            return f"Wrong: line {number}: {block} is not on top of stack {a + 1}"
        stacks[b].append(stacks[a].pop())
    for number, (have, want) in enumerate(zip(stacks, GOAL), 1):
        if have != want:
            return f"Wrong: stack {number} ends as {' '.join(have) or 'empty'}, not as {' '.join(want) or 'empty'}"
    return "Correct"


print(check())
