# Checks an order of books: every book once, every statement true.
BOOKS = ["A", "B", "C"]
RULES = [["not", "A", 1], ["left", "C", "A"], ["adjacent", "B", "C"]]
ANSWER = '["B", "C", "A"]'
# --- end of data ---

import re

order = re.findall(r"[A-Za-z]+", ANSWER)
place = {book: i + 1 for i, book in enumerate(order)}
if sorted(order) != sorted(BOOKS):
    print(f"Wrong: the list must hold each of {', '.join(BOOKS)} exactly once")
else:
    holds = {
        "fixed": lambda book, value: place[book] == value,
        "not": lambda book, value: place[book] != value,
        "left": lambda book, value: place[book] < place[value],
        "right": lambda book, value: place[book] > place[value],
        "adjacent": lambda book, value: abs(place[book] - place[value]) == 1,
    }
    for line, (kind, book, value) in enumerate(RULES, 1):
        if not holds[kind](book, value):
            print(f"Wrong: statement {line} is broken ({book} {kind} {value}; {book} stands at {place[book]})")
            break
    else:
        print("Correct")
