# label: {"adequate": true, "method": "enumeration"}
import itertools
def solve():
    for p in itertools.permutations(range(1, 6)):
        if p[0] + p[1] == p[2] + 1 and p[3] > p[4] and p[1] % 2 == 0:
            return p
    return None
answer = solve()
if answer:
    print("<<<" + " ".join(map(str, answer)) + ">>>")
else:
    print("No solution exists")
