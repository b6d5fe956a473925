# label: {"adequate": true, "method": "enumeration"}
print(max(((a, b, c) for a in range(1, 60) for b in range(a, 60) for c in range(b, 60) if a * a + b * b == c * c and a + b + c < 90), key=sum))
