# label: {"adequate": true, "method": "enumeration"}
import itertools as it
from operator import add as plus, sub as minus, mul as times

def over(a, b):
    return a / b if b else float("inf")

names = {plus: "+", minus: "-", times: "*", over: "/"}
nums = (4, 7, 8, 8)
hits = [
    f"(({a}{names[f]}{b}){names[g]}{c}){names[h]}{d}"
    for a, b, c, d in it.permutations(nums)
    for f, g, h in it.product(names, repeat=3)
    if abs(h(g(f(a, b), c), d) - 24) < 1e-9
]
print(hits[0] if hits else "none")
