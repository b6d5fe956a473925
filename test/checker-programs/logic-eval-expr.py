# label: {"adequate": true, "method": "computation"}
def implies(p, q):
    return (not p) or q
a, b, c = True, False, True
result = not ((a and not b) or implies(c, b)) and not (implies(a, c) and (b or not c))
second = not (implies(b, a) and implies(c, a)) or (a and b) or not (c or not b)
print("<<<" + str(result or second) + ">>>")
