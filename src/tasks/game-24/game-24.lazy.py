# Tries all operators, but only in the given order, from left to right and in floating point.
NUMBERS = [2, 3, 5, 12]
TARGET = 24
# --- end of data ---

import itertools

answer = None
for ops in itertools.product("+-*/", repeat=len(NUMBERS) - 1):
    value, text = float(NUMBERS[0]), str(NUMBERS[0])
    for op, n in zip(ops, NUMBERS[1:]):
        if op == "+":
            value += n
        elif op == "-":
            value -= n
        elif op == "*":
            value *= n
        else:
            value /= n
        text = f"({text}{op}{n})"
    if value == TARGET:
        answer = text
print(f"<<<{answer}>>>")
