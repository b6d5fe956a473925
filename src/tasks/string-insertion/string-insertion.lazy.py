# Replaces rule after rule: wrong where occurrences overlap or an inserted letter makes a new one.
TEXT = "ABCDBDEABE"
RULES = {"ABCD": "A", "BCDE": "B", "CDEA": "C", "DEAB": "D", "EABC": "E"}
ROUNDS = 1
# --- end of data ---

result = TEXT
for _ in range(ROUNDS):
    for pattern, letter in RULES.items():
        result = result.replace(pattern, pattern + letter)
print(f"<<<{result}>>>")
