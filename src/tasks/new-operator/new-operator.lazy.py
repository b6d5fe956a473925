# Evaluates the expression from the right and in floating point, rounded to two digits.
OPERATORS = {"#": "2*a + 3*b", "@": "(a + b)/b"}
EXPRESSION = "(2 # 1) @ 4 # 3"
# --- end of data ---

import re

tokens = re.findall(r"\d+|\S", EXPRESSION)


def atom():
    token = tokens.pop(0)
    if token == "(":
        value = chain()
        tokens.pop(0)
        return value
    return float(token)


def chain():
    left = atom()
    if tokens and tokens[0] in OPERATORS:
        formula = OPERATORS[tokens.pop(0)]
        return eval(formula, {"a": left, "b": chain()})
    return left


try:
    print(f"<<<{round(chain(), 2)}>>>")
except ZeroDivisionError:
    print("<<<0>>>")
