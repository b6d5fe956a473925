# label: {"adequate": false, "method": "hard-coded"}
import sympy as sp
from sympy import symbols, solve
import itertools
x = symbols("x")
eq = x**2 - 5*x + 6
print("x = 2 or x = 3")
