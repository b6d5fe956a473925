# Checks a sequence of the opponent's cards against all results and facts.
BEATS = {"A": "CE", "B": "AD", "C": "BE", "D": "AC", "E": "BD"}
MOVES = ["A", "B", "D"]
RESULTS = ["win", "draw", "loss"]
FACTS = []
ANSWER = "C,B,E"
# --- end of data ---

import re

cards = re.findall(r"[A-Za-z]+", ANSWER)


def problem():
    if len(cards) != len(MOVES):
        return f"{len(cards)} cards for {len(MOVES)} rounds"
    if any(card not in BEATS for card in cards):
        return f"unknown card among {cards}"
    if len(set(cards)) < len(cards):
        return "a card is used twice"
    for i, (mine, theirs, wanted) in enumerate(zip(MOVES, cards, RESULTS), 1):
        got = "win" if theirs in BEATS[mine] else "loss" if mine in BEATS[theirs] else "draw"
        if got != wanted:
            return f"round {i}: {mine} against {theirs} is a {got}, not a {wanted}"
    for kind, card, value in FACTS:
        if kind == "not":
            ok = cards[value - 1] != card
        elif card not in cards or value not in cards:
            ok = False
        else:
            gap = cards.index(value) - cards.index(card)
            ok = gap > 0 if kind == "earlier" else gap == 1
        if not ok:
            return f"the fact {kind} {card} {value} does not hold"
    return None


found = problem()
print(f"Wrong: {found}" if found else "Correct")
