# Evaluates an expression in invented operators: equal rank, left to right, exact fractions.
OPERATORS = {"#": "2*a + 3*b", "@": "(a + b)/b"}
EXPRESSION = "(2 # 1) @ 4 # 3"
# --- end of data ---

import re
from fractions import Fraction

functions = {
    symbol: eval(f"lambda a, b: {formula}", {"max": max, "min": min, "abs": abs})
    for symbol, formula in OPERATORS.items()
}


def feed(frame, value):
    """A frame is [value so far, operator waiting]."""
    if frame[1] is None:
        frame[0] = value
    else:
        frame[0], frame[1] = functions[frame[1]](frame[0], value), None


stack = [[None, None]]
for token in re.findall(r"\d+|\S", EXPRESSION):
    if token == "(":
        stack.append([None, None])
    elif token == ")":
        value, waiting = stack.pop()
        assert waiting is None
        feed(stack[-1], value)
    elif token.isdigit():
        feed(stack[-1], Fraction(int(token)))
    else:
        assert stack[-1][1] is None
        stack[-1][1] = token

(result, waiting), = stack
assert waiting is None
print(f"<<<{result}>>>")
