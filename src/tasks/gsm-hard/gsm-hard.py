# Works a word problem out sentence by sentence, in exact fractions.
SITUATION = "printer"
NUMBERS = [12, 250, 40, 8]
EVENTS = [["arrive", 5], ["daily", 10, 7, 3]]
PARTS = 1
# --- end of data ---

from fractions import Fraction as F


def beginning(kind, n):
    if kind == "printer":
        good = n[0] * n[1] - n[2]
        return F(good, n[3])
    if kind == "wages":
        money = F(0)
        for rate, days in ((n[0], n[1]), (n[2], n[3])):
            money += rate * days
        return money - n[4]
    if kind == "bakery":
        baked = F(n[0] * n[1])
        sold = baked * F(n[2], 100)
        return baked - sold - n[3]
    if kind == "fence":
        return sum([n[0], n[1]] * 2) * F(n[2]) + n[3]
    if kind == "reservoir":
        return n[0] + n[1] * n[4] + n[2] * n[4] - F(n[3]) * n[4]
    if kind == "library":
        biographies = n[1] * n[0]
        atlases = biographies - n[2]
        return F(n[0] + biographies + atlases)
    if kind == "theatre":
        takings = n[0] * n[1] + n[2] * n[3]
        return takings - takings * F(n[4], 100)
    if kind == "work-back":
        before_gift = F(n[1]) / (1 - F(1, 3))
        before_paint = before_gift + n[0]
        return before_paint / F(1, 2)
    if kind == "average":
        return F(n[0] * n[1] - n[2] * n[3])
    if kind == "train":
        way = n[0] * n[1] + n[2] * n[3]
        return F(way * n[4] + n[5])
    if kind == "orchard":
        crop = n[0] * n[1] * n[2]
        return F(crop * n[4] - n[3] * n[4])
    if kind == "overtime":
        extra = n[3] - n[1]
        return F(n[1] * n[0] + extra * (n[0] + n[2]))
    if kind == "telephone":
        monthly = n[1] + n[2] * n[3]
        return F(monthly * n[4] * n[0])
    if kind == "mixture":
        return F(n[2]) * F(n[0], n[0] + n[1]) * n[3]
    if kind == "discount":
        return F(n[0] * n[1]) * (1 - F(n[2], 100)) + n[3]
    if kind == "interest":
        money = F(n[0])
        for _ in range(n[2]):
            money += F(n[1], 100) * n[0]
        return money - n[3]
    if kind == "buses":
        full, rest = divmod(n[0], n[1])
        return F((full + (rest > 0)) * n[2])
    if kind == "leftovers":
        kept = n[0] - n[0] // n[1] * n[1]
        return F(kept + n[1] * n[2])
    if kind == "contest":
        return F(n[0] * n[1] + (n[0] - n[2]) * n[3])
    if kind == "eggs":
        eggs = n[0] * n[1] * 12
        return eggs * F(n[2], 100)
    if kind == "chapters":
        monday = n[1]
        tuesday = monday + monday
        wednesday = tuesday - n[2]
        return F(n[0] - monday - tuesday - wednesday)
    if kind == "machines":
        minutes = n[2] * 60 + n[3]
        return F(n[0] * minutes * n[1] - n[4])
    if kind == "group-price":
        return F(n[1] * n[0]) - (n[2] + n[1] * n[3])
    if kind == "collections":
        own, brother = n[0], 2 * n[0] + n[1]
        return F(own + brother + (own + brother - n[2]))
    if kind == "posts":
        gaps = F(n[0], n[1])
        return (gaps + 1) * n[2] + n[3]
    if kind == "old-price":
        return n[1] / (1 + F(n[0], 100)) * n[2]
    raise SystemExit("no such story: " + kind)


def after(kind, x, n):
    if kind == "arrive":
        return x + n[0]
    if kind == "leave":
        return x - n[0]
    if kind == "percent-off":
        return x - int(F(n[0], 100) * x)
    if kind == "branches":
        return (x - x % n[0]) // n[0]
    if kind == "multiply":
        return sum(x for _ in range(n[0]))
    if kind == "daily":
        for _ in range(n[0]):
            x = x + n[1] - n[2]
        return x
    if kind == "crates":
        return x // n[0] * n[0]
    if kind == "doubling":
        for _ in range(n[0]):
            x = x + x - n[1]
        return x
    if kind == "neighbours":
        return x + sum(n[1] for _ in range(n[0])) - n[2]
    if kind == "half":
        return x - int(F(x, 2)) - n[0]
    if kind == "ceiling":
        return min(x, n[0])
    if kind == "share-out":
        groups, outside = divmod(x, n[0])
        return groups * (n[0] - n[1]) + outside
    if kind == "use-and-refill":
        for _ in range(n[0]):
            x -= int(F(x, n[1]))
            x += n[2]
        return x
    if kind in ("windows", "keeper", "neighbour-store", "rent"):
        return x
    raise SystemExit("no such event: " + kind)


start = beginning(SITUATION, NUMBERS)
assert start.denominator == 1 and start > 0
stock = int(start)
for kind, *numbers in EVENTS:
    stock = after(kind, stock, numbers)
    assert stock >= 0
print(f"<<<{F(stock, PARTS)}>>>")
