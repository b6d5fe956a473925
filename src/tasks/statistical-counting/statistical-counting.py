# Adds up the points of all runs of equal letters.
TEXT = "AABBBACCA"
RULES = [["A", 1, 2, False], ["B", 2, 2, False], ["C", 3, 2, False]]
# --- end of data ---

from itertools import groupby

worth = {letter: (points, least, each) for letter, points, least, each in RULES}
total = 0
seen = 0
for letter, group in groupby(TEXT):
    length = len(list(group))
    seen += length
    points, least, each = worth.get(letter, (0, 1, False))
    if length >= least:
        total += points * length if each else points

assert seen == len(TEXT)
print(f"<<<{total}>>>")
