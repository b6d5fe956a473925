# label: {"adequate": true, "method": "computation"}
word = "unimaginatively"
letter = "i"
positions = [index + 1 for index, ch in enumerate(word) if ch == letter]
print(f"<<<Count: {len(positions)}, Positions: {positions}>>>")
