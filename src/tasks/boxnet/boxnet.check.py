# Checks a plan for the grid's agents by carrying it out, all actions of a step at once.
ROWS = 1
COLS = 2
SQUARES = [["box_red", "target_blue"], ["box_blue", "target_red"]]
LIMIT = None
ANSWER = '[{"Agent[0.5, 0.5]": "move(box_red, square[0.5, 1.5])"}]'
# --- end of data ---

import json
import re
from collections import Counter


def check():
    try:
        steps = json.loads(ANSWER)
    except ValueError as problem:
        return f"Wrong: no JSON: {problem}"
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        return "Wrong: not a list of objects"
    if LIMIT is not None and len(steps) > LIMIT:
        return f"Wrong: {len(steps)} steps, at most {LIMIT} are allowed"
    now = {(r, c): Counter(SQUARES[r * COLS + c]) for r in range(ROWS) for c in range(COLS)}
    for number, step in enumerate(steps, 1):
        arriving = []
        for agent, action in step.items():
            who = re.fullmatch(r"Agent\[(\d+)\.5, (\d+)\.5\]", agent)
            here = who and (int(who[1]), int(who[2]))
            if here not in now:
                return f"Wrong: step {number}: no such agent: {agent}"
            what = re.fullmatch(r"move\(box_(\w+), (?:target_(\w+)|square\[(\d+)\.5, (\d+)\.5\])\)", str(action))
            if not what:
                return f"Wrong: step {number}: no such action: {action}"
            colour = what[1]
            if now[here][f"box_{colour}"] < 1:
                return f"Wrong: step {number}: {agent} has no box_{colour}"
            now[here][f"box_{colour}"] -= 1
            if what[2]:
                if what[2] != colour or now[here][f"target_{colour}"] < 1:
                    return f"Wrong: step {number}: {agent} has no target_{what[2]} for box_{colour}"
                now[here][f"target_{colour}"] -= 1
            else:
                there = (int(what[3]), int(what[4]))
                if there not in now or abs(there[0] - here[0]) + abs(there[1] - here[1]) != 1:
                    return f"Wrong: step {number}: {agent} cannot reach {there}"
                arriving.append((there, f"box_{colour}"))
        for there, box in arriving:
            now[there][box] += 1
    left = sum(sum(items.values()) for items in now.values())
    return f"Wrong: {left} items are left" if left else "Correct"


print(check())
