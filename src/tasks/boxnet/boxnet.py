# Moves every box to a target of its colour: cheapest pairing by improving swaps, then all agents at work in every step.
ROWS = 1
COLS = 2
SQUARES = [["box_red", "target_blue"], ["box_blue", "target_red"]]
LIMIT = None
# --- end of data ---

import json


def cell(index):
    return divmod(index, COLS)


def way(a, b):
    (r, c), (s, d) = cell(a), cell(b)
    return abs(r - s) + abs(c - d)


boxes, targets = {}, {}
for index, items in enumerate(SQUARES):
    for item in items:
        kind, colour = item.split("_", 1)
        (boxes if kind == "box" else targets).setdefault(colour, []).append(index)

jobs = []
for colour, starts in boxes.items():
    goals = targets[colour][:]
    improved = True
    while improved:
        improved = False
        for i in range(len(starts)):
            for j in range(i):
                now = way(starts[i], goals[i]) + way(starts[j], goals[j])
                if way(starts[i], goals[j]) + way(starts[j], goals[i]) < now:
                    goals[i], goals[j] = goals[j], goals[i]
                    improved = True
    jobs += [[colour, s, g] for s, g in zip(starts, goals)]

steps = []
while jobs:
    busy = set()
    step = {}
    done = []
    # Matching first, then the boxes that have farthest to go.
    for job in sorted(jobs, key=lambda job: (way(job[1], job[2]) > 0, -way(job[1], job[2]))):
        colour, at, goal = job
        if at in busy:
            continue
        busy.add(at)
        (r, c), (s, d) = cell(at), cell(goal)
        name = f"Agent[{r}.5, {c}.5]"
        if at == goal:
            step[name] = f"move(box_{colour}, target_{colour})"
            done.append(job)
            continue
        if c != d:
            c += 1 if d > c else -1
        else:
            r += 1 if s > r else -1
        step[name] = f"move(box_{colour}, square[{r}.5, {c}.5])"
        job[1] = r * COLS + c
    for job in done:
        jobs.remove(job)
    steps.append(step)

assert LIMIT is None or len(steps) <= LIMIT
print("<<<" + json.dumps(steps) + ">>>")
