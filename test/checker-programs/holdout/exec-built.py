# label: {"adequate": true, "method": "enumeration"}
digits = "123456789"
hits = []
for mask in range(3 ** 8):
    text, m = digits[0], mask
    for d in digits[1:]:
        text += ("", "+", "-")[m % 3] + d
        m //= 3
    if eval(text) == 100:
        hits.append(text)
print(len(hits), hits[0])
