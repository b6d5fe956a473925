# label: {"adequate": true, "method": "computation"}
words = "syndrome therefrom maverick arsenic dexter avocado bluff".split()
print("<<<" + " ".join(sorted(words, key=lambda w: (w[::-1], len(w)))) + ">>>")
