# Checks an expression over numbers in a fixed order: right numbers, right order, right operators, exact value.
NUMBERS = [6, 2, 7]
TARGET = 10
ANSWER = "[6, /, 2, +, 7]"
# --- end of data ---

import ast
import operator
import re
from fractions import Fraction

OPS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
used = []


def value(node):
    if isinstance(node, ast.Constant) and type(node.value) is int:
        used.append(node.value)
        return Fraction(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in OPS:
        left = value(node.left)
        return OPS[type(node.op)](left, value(node.right))
    raise ValueError("only whole numbers, + - * / and parentheses are allowed")


try:
    text = re.sub(r"[\"'\[\]]", "", ANSWER).replace(",", " ")
    if re.search(r"\d\s+\d|\*\s*\*|/\s*/", text):
        raise ValueError("two numbers or operators stand side by side")
    result = value(ast.parse(text.strip(), mode="eval").body)
    if used != NUMBERS:
        print(f"Wrong: the numbers in order are {NUMBERS}, the expression has {used}")
    elif result != TARGET:
        print(f"Wrong: the expression equals {result}, not {TARGET}")
    else:
        print("Correct")
except (ValueError, SyntaxError, ZeroDivisionError) as problem:
    print(f"Wrong: {problem}")
