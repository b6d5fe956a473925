# Checks a lifting plan: legal lifts only, every box once, no more steps than allowed.
BOXES = [7, 5, 4]
LIFTERS = [5, 4, 3]
LIMIT = 2
ANSWER = "Step 1: [(7, [1, 2]), (5, [0])]\nStep 2: [(4, [1])]"
# --- end of data ---

import ast
import re
from collections import Counter


def check():
    parts = re.split(r"Step\s*\d+\s*:", ANSWER.strip())
    if parts[0].strip() or len(parts) < 2:
        return "Wrong: the plan does not begin with a step"
    try:
        steps = [ast.literal_eval(part.strip()) for part in parts[1:]]
    except (ValueError, SyntaxError):
        return "Wrong: a step is not a list of (weight, [lifters])"
    if len(steps) > LIMIT:
        return f"Wrong: {len(steps)} steps, at most {LIMIT} are allowed"
    waiting = Counter(BOXES)
    for number, step in enumerate(steps, 1):
        used = set()
        for lift in step:
            try:
                weight, group = lift
                strength = 0
                for lifter in group:
                    if type(lifter) is not int or not 0 <= lifter < len(LIFTERS):
                        return f"Wrong: step {number} uses a lifter {lifter} that does not exist"
                    if lifter in used:
                        return f"Wrong: step {number} uses lifter {lifter} twice"
                    used.add(lifter)
                    strength += LIFTERS[lifter]
            except (TypeError, ValueError):
                return f"Wrong: {lift} in step {number} is not (weight, [lifters])"
            if waiting[weight] == 0:
                return f"Wrong: no box of weight {weight} is left in step {number}"
            if strength < weight or not group:
                return f"Wrong: {group} cannot lift {weight} in step {number}"
            waiting[weight] -= 1
    left = sum(waiting.values())
    return f"Wrong: {left} boxes are never lifted" if left else "Correct"


print(check())
