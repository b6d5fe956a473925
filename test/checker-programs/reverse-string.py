# label: {"adequate": true, "method": "computation"}
s = "the quick brown fox"
words = s.split()
out = []
for w in words:
    out.append(w[::-1])
print(" ".join(reversed(out)))
