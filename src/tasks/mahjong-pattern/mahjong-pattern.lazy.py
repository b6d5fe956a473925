# Judges by neighbours in the sorted hand: a letter held twice hides a run.
HAND = "BBCDEGJKMQTWZ"
ROUNDS = [["H", "B"], ["T", "Q"], ["D", None]]
CHI = True
REPORT = "last"
# --- end of data ---

hand = list(HAND)
results = []
for add, remove in ROUNDS:
    cards = sorted(hand + [add])
    result = 1 if hand.count(add) == 2 else 0
    if CHI and not result:
        for a, b, c in zip(cards, cards[1:], cards[2:]):
            if add in (a, b, c) and ord(a) + 1 == ord(b) and ord(b) + 1 == ord(c):
                result = 2
    results.append(result)
    hand.append(add)
    if remove is not None:
        hand.remove(remove)
print(f"<<<{results[-1] if REPORT == 'last' else results}>>>")
