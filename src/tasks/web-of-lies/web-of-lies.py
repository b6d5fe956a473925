# Who tells the truth? Every sentence is an exclusive-or of truth values; known values are put in until the asked one is known.
STATEMENTS = [
    {"by": None, "about": ["Mia"], "says": "lies"},
    {"by": "Tom", "about": ["Mia"], "says": "lies"},
    {"by": "Ada", "about": ["Tom"], "says": "lies"},
]
ASKED = "Ada"
ASKS_FOR_LIES = False
# --- end of data ---

from collections import defaultdict, deque

equations = []
for s in STATEMENTS:
    members = set()
    for person in s["about"] + ([s["by"]] if s["by"] is not None else []):
        members ^= {person}
    total = {"truthful": 0, "lies": 1, "same": 1, "different": 0}[s["says"]]
    if s["by"] is None:
        total ^= 1
    equations.append([members, total])

of_person = defaultdict(list)
for i, (members, _) in enumerate(equations):
    for person in members:
        of_person[person].append(i)

known = {}
queue = deque(i for i, (members, _) in enumerate(equations) if len(members) == 1)
while queue:
    members, total = equations[queue.popleft()]
    if len(members) != 1:
        continue
    person = next(iter(members))
    known[person] = total
    for i in of_person[person]:
        if person in equations[i][0]:
            equations[i][0].discard(person)
            equations[i][1] ^= total
            if len(equations[i][0]) == 1:
                queue.append(i)
            assert equations[i][0] or equations[i][1] == 0, "contradiction"

truthful = bool(known[ASKED])
print(f"<<<{'Yes' if truthful != ASKS_FOR_LIES else 'No'}>>>")
