# label: {"adequate": false, "method": "hard-coded"}
# 3 * 8 = 24, and 8 - 8 = 0 ...
step1 = 12 - 9
step2 = 3 + 5
step3 = step1 * step2
print("Check:", step3)
assert step3 == 24
print("<<<(12-9)*(3+5)>>>")
