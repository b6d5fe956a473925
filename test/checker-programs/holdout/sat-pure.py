# label: {"adequate": true, "method": "solver"}
from pysat.solvers import Glucose3 as G
g = G()
for clause in ([1, 2], [-1, 3], [-2, -3], [1, -3]):
    g.add_clause(clause)
if g.solve():
    print([v for v in g.get_model() if v > 0])
