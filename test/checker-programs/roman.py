# label: {"adequate": true, "method": "computation"}
values = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
numeral = "MCMXCIV"
total = 0
for i, ch in enumerate(numeral):
    if i + 1 < len(numeral) and values[ch] < values[numeral[i + 1]]:
        total -= values[ch]
    else:
        total += values[ch]
print(total)
