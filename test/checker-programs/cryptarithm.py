# label: {"adequate": true, "method": "enumeration"}
from itertools import permutations
letters = "SENDMORY"
def value(word, m):
    return int("".join(str(m[ch]) for ch in word))
for digits in permutations(range(10), len(letters)):
    m = dict(zip(letters, digits))
    if m["S"] and m["M"] and value("SEND", m) + value("MORE", m) == value("MONEY", m):
        print(m)
        break
