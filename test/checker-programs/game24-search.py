# label: {"adequate": true, "method": "search"}
from fractions import Fraction

def solve(items):
    if len(items) == 1:
        value, text = items[0]
        return text if value == 24 else None
    for i in range(len(items)):
        for j in range(len(items)):
            if i == j:
                continue
            rest = [items[k] for k in range(len(items)) if k not in (i, j)]
            (a, ta), (b, tb) = items[i], items[j]
            options = [(a + b, f"({ta}+{tb})"), (a - b, f"({ta}-{tb})"), (a * b, f"({ta}*{tb})")]
            if b != 0:
                options.append((a / b, f"({ta}/{tb})"))
            for option in options:
                found = solve(rest + [option])
                if found:
                    return found
    return None

numbers = [3, 5, 9, 12]
print("<<<" + str(solve([(Fraction(n), str(n)) for n in numbers])) + ">>>")
