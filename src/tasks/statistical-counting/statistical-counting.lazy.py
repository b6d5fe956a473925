# Adds up the points of runs at every change of letter: the run at the end of the string has none.
TEXT = "AABBBACCA"
RULES = [["A", 1, 2, False], ["B", 2, 2, False], ["C", 3, 2, False]]
# --- end of data ---

points = {letter: value for letter, value, least, each in RULES}
total = 0
length = 1
for before, letter in zip(TEXT, TEXT[1:]):
    if letter == before:
        length += 1
        continue
    if length >= 2:
        total += points[before]
    length = 1

print(f"<<<{total}>>>")
