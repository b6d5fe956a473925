# Checks an assignment: every number once, every statement true.
NUMBERS = [2, 5, 6, 12]
STATEMENTS = ["B = 2.0 * A", "A + D = 8", "C > D"]
ANSWER = "[6, 12, 5, 2]"
# --- end of data ---

import re
from fractions import Fraction

values = [Fraction(text) for text in re.findall(r"-?\d+(?:\.\d+)?", ANSWER)]
if sorted(values) != sorted(NUMBERS):
    print(f"Wrong: the answer must hold each of {NUMBERS} exactly once")
else:
    value = {chr(65 + i): v for i, v in enumerate(values)}
    for line, text in enumerate(STATEMENTS, 1):
        left, relation, right = re.fullmatch(r"(.+?) ([<>=]) (.+)", text).groups()

        def side(words):
            total, sign = Fraction(0), 1
            for part in re.split(r" ([-+]) ", words):
                if part in ("+", "-"):
                    sign = 1 if part == "+" else -1
                    continue
                term = Fraction(1)
                for factor in part.split(" * "):
                    term *= value[factor] if factor in value else Fraction(factor)
                total += sign * term
            return total

        a, b = side(left), side(right)
        if not {"<": a < b, ">": a > b, "=": a == b}[relation]:
            print(f"Wrong: statement {line} is false ({text}): {a} against {b}")
            break
    else:
        print("Correct")
