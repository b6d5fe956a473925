# Takes for every round the first unused card that gives the result, without going back and without the further facts.
BEATS = {"A": "CE", "B": "AD", "C": "BE", "D": "AC", "E": "BD"}
MOVES = ["A", "B", "D"]
RESULTS = ["win", "draw", "loss"]
FACTS = []
# --- end of data ---

used = []
for mine, wanted in zip(MOVES, RESULTS):
    for theirs in BEATS:
        got = "win" if theirs in BEATS[mine] else "loss" if mine in BEATS[theirs] else "draw"
        if got == wanted and theirs not in used:
            used.append(theirs)
            break
    else:
        used.append(mine)
print(f"<<<{','.join(used)}>>>")
