# Finds the code position by position; a branch dies as soon as some attempt's counts cannot be reached any more.
DIGITS = 2
LETTERS = 2
# side: where the wrong characters lie ("below" or "above" all of the code, one "between" them, "none": no common side)
GUESSES = [
    {
        "guess": "25DA",
        "digits": {"placed": 1, "misplaced": 0, "side": "between"},
        "letters": {"placed": 0, "misplaced": 1, "side": "below"},
    }
]
# --- end of data ---


def side(wrong, code):
    if not wrong:
        return "none"
    if max(wrong) < min(code):
        return "below"
    if min(wrong) > max(code):
        return "above"
    return "between" if len(wrong) == 1 else "none"


def search(alphabet, size, hints):
    """Every arrangement of different characters that gets exactly this feedback."""
    total = [(g, f["placed"], f["placed"] + f["misplaced"], f["side"]) for g, f in hints]

    def extend(code, counts):
        left = size - len(code)
        for (_, placed, found, _), (p, f) in zip(total, counts):
            if p > placed or f > found or p + left < placed or f + left < found:
                return
        if left == 0:
            if all(side(set(g) - set(code), code) == s for g, _, _, s in total):
                yield code
            return
        for char in alphabet:
            if char not in code:
                more = [(p + (g[len(code)] == char), f + (char in g)) for (g, *_), (p, f) in zip(total, counts)]
                yield from extend(code + char, more)

    yield from extend("", [(0, 0)] * len(total))


front = list(search("0123456789", DIGITS, [(g["guess"][:DIGITS], g["digits"]) for g in GUESSES]))
back = list(search("ABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTERS, [(g["guess"][DIGITS:], g["letters"]) for g in GUESSES]))
print("<<<[" + ", ".join(f'"{c}"' for c in front[0] + back[0]) + "]>>>")
