# label: {"adequate": false, "method": "hard-coded"}
word = "unimaginatively"
letter = "i"
count = 4
positions = [3, 6, 8, 12]
print(f"<<<Count: {count}, Positions: {positions}>>>")
