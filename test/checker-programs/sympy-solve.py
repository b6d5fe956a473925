# label: {"adequate": true, "method": "solver"}
import sympy as sp
x, y = sp.symbols("x y")
solution = sp.solve([sp.Eq(2 * x + 3 * y, 31), sp.Eq(x - y, 3)], [x, y])
print("<<<", solution[x], solution[y], ">>>")
