# Follows a hand of letter cards and judges every added card.
HAND = "BBCDEGJKMQTWZ"
ROUNDS = [["H", "B"], ["T", "Q"], ["D", None]]
CHI = True
REPORT = "last"
# --- end of data ---

from bisect import insort

hand = sorted(HAND)
results = []
for add, remove in ROUNDS:
    if hand.count(add) >= 2:
        results.append(1)
    else:
        held = {ord(card) - ord("A") for card in hand if "A" <= card <= "Z"}
        x = ord(add) - ord("A")
        windows = [range(low, low + 3) for low in (x - 2, x - 1, x) if low >= 0 and low + 2 < 26]
        run = any(all(y == x or y in held for y in window) for window in windows)
        results.append(2 if CHI and run else 0)
    insort(hand, add)
    if remove is not None and remove in hand:
        hand.remove(remove)
print(f"<<<{results[-1] if REPORT == 'last' else results}>>>")
