# label: {"adequate": true, "method": "computation"}
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
print(gcd(1071, 462) * 3)
