# label: {"adequate": true, "method": "enumeration"}
from itertools import product
names = ["Zoey", "Riley", "Luke"]
for zoey, riley, luke in product([True, False], repeat=3):
    if zoey == (not riley) and riley == (luke or zoey) and luke == (zoey != riley):
        print(dict(zip(names, (zoey, riley, luke))))
