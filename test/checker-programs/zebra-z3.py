# label: {"adequate": true, "method": "solver"}
from z3 import Int, Solver, Distinct, sat
ann, bob, cid = (Int(n) for n in ("ann", "bob", "cid"))
s = Solver()
s.add(Distinct(ann, bob, cid))
for v in (ann, bob, cid):
    s.add(v >= 1, v <= 3)
s.add(ann < bob, cid != 1)
if s.check() == sat:
    m = s.model()
    print({str(v): m[v] for v in (ann, bob, cid)})
