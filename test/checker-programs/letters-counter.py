# label: {"adequate": true, "method": "computation"}
from collections import Counter
text = "peter piper picked a peck of pickled peppers"
counts = Counter(text.replace(" ", ""))
best = max(counts, key=lambda ch: (counts[ch], ch))
print(best, counts[best])
