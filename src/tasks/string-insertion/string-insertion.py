# Inserts letters behind the occurrences of patterns: all occurrences are found first, then inserted from right to left.
TEXT = "ABCDBDEABE"
RULES = {"ABCD": "A", "BCDE": "B", "CDEA": "C", "DEAB": "D", "EABC": "E"}
ROUNDS = 1
# --- end of data ---


def occurrences(text, pattern):
    """End positions of all occurrences, overlapping ones included."""
    at = text.find(pattern)
    while at >= 0:
        yield at + len(pattern)
        at = text.find(pattern, at + 1)


letters = list(TEXT)
for _ in range(ROUNDS):
    before = "".join(letters)
    places = [(end, letter) for pattern, letter in RULES.items() for end in occurrences(before, pattern)]
    for end, letter in sorted(places, reverse=True):
        letters.insert(end, letter)

print(f"<<<{''.join(letters)}>>>")
