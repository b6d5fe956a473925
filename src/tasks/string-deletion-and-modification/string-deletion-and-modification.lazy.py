# Goes round the rules in turn instead of starting again from the top.
TEXT = "aaa"
RULES = [
    {"kind": "match", "at": "start", "what": "aa", "put": "a", "front": "", "back": "", "dropLast": False},
    {"kind": "match", "at": "end", "what": "aa", "put": "cc", "front": "", "back": "", "dropLast": False},
    {"kind": "match", "at": "end", "what": "cc", "put": "b", "front": "a", "back": "", "dropLast": False},
]
# --- end of data ---


def apply(rule, s):
    if rule["kind"] == "longer":
        return s[: len(s) // 2] + s[len(s) // 2 + 1 :] if len(s) > rule["limit"] else s
    if rule["kind"] == "even":
        return s + rule["back"] if s.count(rule["letter"]) % 2 == 0 and rule["letter"] in s else s
    what = rule["what"]
    at = {
        "start": 0 if s.startswith(what) else -1,
        "end": len(s) - len(what) if s.endswith(what) else -1,
        "anywhere": s.find(what),
        "inside": s.find(what, 1),
    }[rule["at"]]
    if at < 0:
        return s
    s = rule["front"] + s[:at] + rule["put"] + s[at + len(what) :] + rule["back"]
    return s[:-1] if rule["dropLast"] else s


text = TEXT
for _ in range(2000):
    before = text
    for rule in RULES:
        text = apply(rule, text)
    if text == before:
        break
print(f'<<<"{text}">>>')
