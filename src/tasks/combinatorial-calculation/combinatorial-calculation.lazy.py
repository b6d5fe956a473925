# Tries all operators without parentheses and looks at the value in floating point.
NUMBERS = [6, 2, 7]
TARGET = 10
# --- end of data ---

import itertools

answer = NUMBERS[:1]
for tries, ops in enumerate(itertools.product("+-*/", repeat=len(NUMBERS) - 1)):
    if tries > 100_000:
        break
    tokens = [str(NUMBERS[0])]
    for op, number in zip(ops, NUMBERS[1:]):
        tokens += [op, str(number)]
    if eval("".join(tokens)) == TARGET:
        answer = tokens
        break
print(f"<<<[{', '.join(map(str, answer))}]>>>")
