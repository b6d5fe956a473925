# Counts one letter of a word; forgets that positions start at 1.
WORD = "banana"
LETTER = "a"
# --- end of data ---

positions = [i for i, c in enumerate(WORD) if c == LETTER]
print(f"<<<Count: {WORD.count(LETTER)}, Positions: {positions}>>>")
