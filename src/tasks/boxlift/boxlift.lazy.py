# Fills each step from heavy to light with the next free lifters in list order; never looks for a tighter group.
BOXES = [7, 5, 4]
LIFTERS = [5, 4, 3]
LIMIT = 2
# --- end of data ---

remaining = sorted(BOXES, reverse=True)
number = 0
lines = []
while remaining:
    number += 1
    free = list(range(len(LIFTERS)))
    step = []
    for weight in remaining[:]:
        if sum(LIFTERS[i] for i in free) < weight:
            continue
        group = []
        while sum(LIFTERS[i] for i in group) < weight:
            group.append(free.pop(0))
        step.append((weight, group))
        remaining.remove(weight)
    lines.append(f"Step {number}: {step}")
print("<<<" + "\n".join(lines) + ">>>")
