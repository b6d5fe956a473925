# Carries one box after the other to its colour's first free target, one action per step, while all other agents wait.
ROWS = 1
COLS = 2
SQUARES = [["box_red", "target_blue"], ["box_blue", "target_red"]]
LIMIT = None
# --- end of data ---

import json

free = {}
for index, items in enumerate(SQUARES):
    for item in items:
        if item.startswith("target_"):
            free.setdefault(item[7:], []).append(index)

steps = []
for index, items in enumerate(SQUARES):
    for item in items:
        if not item.startswith("box_"):
            continue
        colour = item[4:]
        r, c = divmod(index, COLS)
        s, d = divmod(free[colour].pop(0), COLS)
        while (r, c) != (s, d):
            name = f"Agent[{r}.5, {c}.5]"
            if r != s:
                r += 1 if s > r else -1
            else:
                c += 1 if d > c else -1
            steps.append({name: f"move(box_{colour}, square[{r}.5, {c}.5])"})
        steps.append({f"Agent[{r}.5, {c}.5]": f"move(box_{colour}, target_{colour})"})
print("<<<" + json.dumps(steps) + ">>>")
