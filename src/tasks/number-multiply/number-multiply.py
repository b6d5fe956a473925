# Multiplies whole numbers exactly, digit by digit as on paper, and checks the result by division.
FACTORS = [-12, 34]
# --- end of data ---

BASE = 10**9


def limbs(n):
    out = []
    while n:
        n, low = divmod(n, BASE)
        out.append(low)
    return out


def times(a, b):
    out = [0] * (len(a) + len(b))
    for i, x in enumerate(a):
        carry = 0
        for j, y in enumerate(b):
            carry, out[i + j] = divmod(out[i + j] + x * y + carry, BASE)
        out[i + len(b)] += carry
    while out and out[-1] == 0:
        out.pop()
    return out


sign = 1
result = [1]
for factor in FACTORS:
    sign *= -1 if factor < 0 else 1
    result = times(result, limbs(abs(factor)))

value = 0
for limb in reversed(result):
    value = value * BASE + limb
value *= sign

rest = value
for factor in FACTORS:
    rest, remainder = divmod(rest, factor)
    assert remainder == 0
assert rest == 1
print(f"<<<{value}>>>")
