# Rewrites a string: always the first applicable rule of the list, until none applies.
TEXT = "aaa"
RULES = [
    {"kind": "match", "at": "start", "what": "aa", "put": "a", "front": "", "back": "", "dropLast": False},
    {"kind": "match", "at": "end", "what": "aa", "put": "cc", "front": "", "back": "", "dropLast": False},
    {"kind": "match", "at": "end", "what": "cc", "put": "b", "front": "a", "back": "", "dropLast": False},
]
# --- end of data ---

import re


def compiled(rule):
    """A function from the string to the new string, or to None where the rule does not apply."""
    if rule["kind"] == "longer":
        return lambda s: s[: len(s) // 2] + s[len(s) // 2 + 1 :] if len(s) > rule["limit"] else None
    if rule["kind"] == "even":
        return lambda s: s + rule["back"] if s.count(rule["letter"]) in range(2, len(s) + 1, 2) else None
    what = re.escape(rule["what"])
    pattern = {
        "start": rf"\A(){what}",
        "end": rf"\A(.*){what}\Z",
        "anywhere": rf"\A(.*?){what}",
        "inside": rf"\A(.+?){what}",
    }[rule["at"]]
    finder = re.compile(pattern)

    def rewrite(s):
        found = finder.search(s)
        if not found:
            return None
        s = rule["front"] + found.group(1) + rule["put"] + s[found.end() :] + rule["back"]
        return s[:-1] if rule["dropLast"] else s

    return rewrite


functions = [compiled(rule) for rule in RULES]
state = TEXT
while True:
    changed = next((new for new in (f(state) for f in functions) if new is not None), None)
    if changed is None:
        break
    state = changed

print(f'<<<"{state}">>>')
