# Counts one letter of a word and lists its positions, from 1.
WORD = "banana"
LETTER = "a"
# --- end of data ---

positions = []
start = 0
while True:
    found = WORD.find(LETTER, start)
    if found < 0:
        break
    positions.append(found + 1)
    start = found + 1

assert all(WORD[p - 1] == LETTER for p in positions)
print(f"<<<Count: {len(positions)}, Positions: {positions}>>>")
