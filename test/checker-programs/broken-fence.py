# label: {"adequate": false, "method": "enumeration"}
```python
from itertools import permutations
for p in permutations([1, 2, 3]):
    if p[0] < p[1]:
        print(p)
```
