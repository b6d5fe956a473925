# Tries numbers letter by letter and checks the statements, but forgets that every number belongs to one letter only.
NUMBERS = [2, 5, 6, 12]
STATEMENTS = ["B = 2.0 * A", "A + D = 8", "C > D"]
# --- end of data ---

import re

letters = [chr(65 + i) for i in range(len(NUMBERS))]
checks = []
for text in STATEMENTS:
    code = re.sub(r"([A-Z])", r"v['\1']", text).replace(" = ", " == ")
    checks.append((max(re.findall("[A-Z]", text)), compile(code, "statement", "eval")))
by_last = {letter: [code for last, code in checks if last == letter] for letter in letters}
v = {}
steps = 0


def place(i):
    global steps
    if i == len(letters):
        return True
    for number in NUMBERS:
        steps += 1
        if steps > 100_000:
            return False
        v[letters[i]] = number
        if all(eval(code) for code in by_last[letters[i]]) and place(i + 1):
            return True
    return False


place(0)
print(f"<<<{[v.get(letter, NUMBERS[0]) for letter in letters]}>>>")
