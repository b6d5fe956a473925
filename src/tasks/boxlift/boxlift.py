# Lifts all boxes within the step limit: per step each box gets the weakest group of free lifters, with random restarts.
BOXES = [7, 5, 4]
LIFTERS = [5, 4, 3]
LIMIT = 2
# --- end of data ---

import random


def weakest_group(weight, free):
    """The smallest strength of a group of free lifters that reaches the weight, with the group."""
    sums = {0: ()}
    best = None
    for lifter in free:
        capacity = LIFTERS[lifter]
        for total, group in list(sums.items()):
            new = total + capacity
            if new >= weight:
                if best is None or new < best[0]:
                    best = (new, group + (lifter,))
            elif new not in sums and (best is None or new < best[0]):
                sums[new] = group + (lifter,)
    return best


def attempt(order):
    plan = []
    waiting = order
    while waiting:
        if len(plan) == LIMIT:
            return None
        free = list(range(len(LIFTERS)))
        step, later = [], []
        for weight in waiting:
            found = None
            if free and weight <= sum(LIFTERS[i] for i in free):
                found = weakest_group(weight, free)
            if found is None:
                later.append(weight)
                continue
            step.append((weight, sorted(found[1])))
            free = [i for i in free if i not in found[1]]
        plan.append(step)
        waiting = later
    return plan


rng = random.Random(1)
plan = attempt(sorted(BOXES, reverse=True))
tries = 0
while plan is None and tries < 3000:
    tries += 1
    spread = (0.05, 0.15, 0.3, 0.6, 1.0)[tries % 5]
    plan = attempt(sorted(BOXES, key=lambda w: -w * (1 + rng.uniform(0, spread))))

lines = []
for number, step in enumerate(plan or [], 1):
    lines.append(f"Step {number}: [" + ", ".join(f"({w}, {group})" for w, group in step) + "]")
print("<<<" + "\n".join(lines) + ">>>")
