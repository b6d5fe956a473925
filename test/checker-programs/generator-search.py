# label: {"adequate": true, "method": "search"}
def subsets(items, target, chosen=()):
    if target == 0:
        yield chosen
        return
    if not items or target < 0:
        return
    head, *tail = items
    yield from subsets(tail, target - head, chosen + (head,))
    yield from subsets(tail, target, chosen)
print(next(subsets([3, 34, 4, 12, 5, 2], 9)))
