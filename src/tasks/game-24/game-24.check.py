# Checks an expression: right numbers, right operators, exact value.
NUMBERS = [2, 3, 5, 12]
TARGET = 24
ANSWER = "12/(3-5/2)"
# --- end of data ---

import ast
import operator
from fractions import Fraction

OPS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
used = []


def value(node):
    if isinstance(node, ast.Constant) and type(node.value) is int:
        used.append(node.value)
        return Fraction(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in OPS:
        return OPS[type(node.op)](value(node.left), value(node.right))
    raise ValueError("only whole numbers, + - * / and parentheses are allowed")


try:
    result = value(ast.parse(ANSWER.split("=")[0].strip(), mode="eval").body)
    if sorted(used) != sorted(NUMBERS):
        print(f"Wrong: the expression uses {sorted(used)}, the numbers are {sorted(NUMBERS)}")
    elif result != TARGET:
        print(f"Wrong: the expression equals {result}, not {TARGET}")
    else:
        print("Correct")
except (ValueError, SyntaxError, ZeroDivisionError) as problem:
    print(f"Wrong: {problem}")
