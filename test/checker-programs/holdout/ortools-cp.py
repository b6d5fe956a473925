# label: {"adequate": true, "method": "solver"}
from ortools.sat.python import cp_model
model = cp_model.CpModel()
q = [model.NewIntVar(0, 7, f"q{i}") for i in range(8)]
model.AddAllDifferent(q)
model.AddAllDifferent([q[i] + i for i in range(8)])
model.AddAllDifferent([q[i] - i for i in range(8)])
solver = cp_model.CpSolver()
solver.Solve(model)
print([solver.Value(v) for v in q])
