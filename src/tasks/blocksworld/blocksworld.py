# Rearranges stacks of blocks: settles block after block, tries many random ways and keeps a short one.
START = [["A", "B"], [], ["C"]]
GOAL = [["C"], ["B", "A"], []]
LIMIT = None
# --- end of data ---

import random


def settled_height(stack, goal):
    height = 0
    for have, want in zip(stack, goal):
        if have != want:
            break
        height += 1
    return height


def attempt(rng):
    stacks = [list(s) for s in START]
    order = {b: h for g in GOAL for h, b in enumerate(g)}
    moves = []

    def move(a, b):
        block = stacks[a].pop()
        stacks[b].append(block)
        moves.append((block, a, b))

    def parking(block, forbidden):
        """A stack where the block hides nothing that is needed before it, if there is one."""
        choices = [s for s in range(len(stacks)) if s not in forbidden]
        rng.shuffle(choices)

        def harm(s):
            loose = stacks[s][settled_height(stacks[s], GOAL[s]):]
            return sum(1 for b in loose if order[b] < order[block]) + (0.5 if not loose else 0)

        return min(choices, key=harm)

    while stacks != GOAL:
        jobs = []
        for target in range(len(stacks)):
            height = settled_height(stacks[target], GOAL[target])
            if height == len(GOAL[target]):
                continue
            block = GOAL[target][height]
            source = next(s for s in range(len(stacks)) if block in stacks[s])
            work = len(stacks[target]) - height
            if source != target:
                work += len(stacks[source]) - 1 - stacks[source].index(block)
            jobs.append((work + rng.random() * 0.9, target, height, block, source))
        _, target, height, block, source = min(jobs)
        while stacks[source][-1] != block:
            move(source, parking(stacks[source][-1], {source, target}))
        if source == target:
            aside = parking(block, {target})
            move(source, aside)
            source = aside
        while len(stacks[target]) > height:
            move(target, parking(stacks[target][-1], {source, target}))
        move(source, target)
    return moves


rng = random.Random(3)
best = None
for _ in range(60):
    moves = attempt(rng)
    if best is None or len(moves) < len(best):
        best = moves
    if LIMIT is None or len(best) <= LIMIT:
        break
print("<<<" + "\n".join(f"Move {b} from {s + 1} to {t + 1}" for b, s, t in best) + ">>>")
