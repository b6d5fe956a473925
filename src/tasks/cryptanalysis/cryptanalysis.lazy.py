# Counts the right characters but reads nothing into "wrong", and gives up after many tries.
DIGITS = 2
LETTERS = 2
GUESSES = [
    {
        "guess": "25DA",
        "digits": {"placed": 1, "misplaced": 0, "side": "between"},
        "letters": {"placed": 0, "misplaced": 1, "side": "below"},
    }
]
# --- end of data ---

import itertools


def first(alphabet, size, hints):
    for tries, code in enumerate(itertools.permutations(alphabet, size)):
        if tries > 400_000:
            break
        for guess, f in hints:
            placed = sum(a == b for a, b in zip(guess, code))
            if placed != f["placed"] or len(set(guess) & set(code)) - placed != f["misplaced"]:
                break
        else:
            return "".join(code)
    return hints[-1][0]


front = first("0123456789", DIGITS, [(g["guess"][:DIGITS], g["digits"]) for g in GUESSES])
back = first("ABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTERS, [(g["guess"][DIGITS:], g["letters"]) for g in GUESSES])
print("<<<[" + ", ".join(f'"{c}"' for c in front + back) + "]>>>")
