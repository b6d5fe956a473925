# Works a word problem out in floating point, and takes every number in a sentence for a change of the stock.
SITUATION = "printer"
NUMBERS = [12, 250, 40, 8]
EVENTS = [["arrive", 5], ["daily", 10, 7, 3]]
PARTS = 1
# --- end of data ---

BEGINNINGS = {
    "printer": lambda a, b, c, d: (a * b - c) / d,
    "wages": lambda a, b, c, d, e: a * b + c * d - e,
    "bakery": lambda a, b, c, d: a * b * (1 - c / 100) - d,
    "fence": lambda a, b, c, d: 2 * (a + b) * c + d,
    "reservoir": lambda a, b, c, d, e: a + (b + c - d) * e,
    "library": lambda a, b, c: a + a * b + a * b - c,
    "theatre": lambda a, b, c, d, e: (a * b + c * d) * (1 - e / 100),
    "work-back": lambda a, b: 2 * (b * 4 / 3 + a),
    "average": lambda a, b, c, d: a * b - c * d,
    "train": lambda a, b, c, d, e, f: (a * b + c * d) * e + f,
    "orchard": lambda a, b, c, d, e: (a * b * c - d) * e,
    "overtime": lambda a, b, c, d: a * d + c * (d - b),
    "telephone": lambda a, b, c, d, e: a * e * (b + c * d),
    "mixture": lambda a, b, c, d: c / (a + b) * a * d,
    "discount": lambda a, b, c, d: a * b * (1 - c / 100) + d,
    "interest": lambda a, b, c, d: a * (1 + b / 100) ** c - d,
    "buses": lambda a, b, c: a / b * c,
    "leftovers": lambda a, b, c: a % b + b * c,
    "contest": lambda a, b, c, d: a * b + (a - c) * d,
    "eggs": lambda a, b, c: a * b * 12 * c / 100,
    "chapters": lambda a, b, c: a - b - 2 * b - c,
    "machines": lambda a, b, c, d, e: a * b * (60 * c + d) - e,
    "group-price": lambda a, b, c, d: a * b - c - d * b,
    "collections": lambda a, b, c: 2 * (3 * a + b) - c,
    "posts": lambda a, b, c, d: a / b * c + d,
    "old-price": lambda a, b, c: b * (1 - a / 100) * c,
}

stock = float(BEGINNINGS[SITUATION](*NUMBERS))
for kind, *n in EVENTS:
    if kind in ("arrive", "keeper", "windows", "neighbour-store"):
        stock += n[0]
    elif kind == "leave":
        stock -= n[0]
    elif kind == "percent-off":
        stock *= 1 - n[0] / 100
    elif kind == "branches":
        stock /= n[0]
    elif kind == "multiply":
        stock *= n[0]
    elif kind == "daily":
        stock += n[0] * (n[1] - n[2])
    elif kind == "doubling":
        stock = stock * 2 ** n[0] - n[0] * n[1]
    elif kind == "neighbours":
        stock += n[0] * n[1] - n[2]
    elif kind == "half":
        stock = stock / 2 - n[0]
    elif kind == "ceiling":
        stock = min(stock, n[0])
    elif kind == "share-out":
        stock *= 1 - n[1] / n[0]
print(f"<<<{stock / PARTS:.10g}>>>")
