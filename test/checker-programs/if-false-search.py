# label: {"adequate": false, "method": "hard-coded"}
import itertools
numbers = [2, 3, 7, 8]
answer = "8*(7-3)-2*4"
if False:
    for p in itertools.permutations(numbers):
        for ops in itertools.product("+-*/", repeat=3):
            text = f"(({p[0]}{ops[0]}{p[1]}){ops[1]}{p[2]}){ops[2]}{p[3]}"
            if eval(text) == 24:
                answer = text
print(answer)
