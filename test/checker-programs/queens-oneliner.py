# label: {"adequate": true, "method": "enumeration"}
from itertools import permutations as P
print(next(p for p in P(range(8)) if len({p[i] + i for i in range(8)}) == len({p[i] - i for i in range(8)}) == 8 and p[0] == 3))
