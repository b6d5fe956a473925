# One pass through the sentences in the given order; people not yet heard of are taken to be honest.
STATEMENTS = [
    {"by": None, "about": ["Mia"], "says": "lies"},
    {"by": "Tom", "about": ["Mia"], "says": "lies"},
]
ASKED = "Tom"
ASKS_FOR_LIES = False
# --- end of data ---

honest = {}
for s in STATEMENTS:
    first = honest.get(s["about"][0], True)
    claim = first
    if s["says"] in ("lies", "different"):
        claim = not first
    if s["by"] is None:
        honest[s["about"][0]] = s["says"] in ("truthful", "same")
    else:
        honest[s["by"]] = claim

print("<<<Yes>>>" if honest.get(ASKED, True) else "<<<No>>>")
