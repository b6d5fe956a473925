# Exact cover: every cell one letter, every row and column each letter; the diagonal's letter is tried in turn.
GRID = [["a", None, None], [None, "c", None], [None, None, None]]
# --- end of data ---

N = len(GRID)
LETTERS = "abcdefghijklmnopqrstuvwxyz"[:N]


def cover(options, columns, choice):
    removed = []
    for need in options[choice]:
        for other in columns[need]:
            for elsewhere in options[other]:
                if elsewhere != need:
                    columns[elsewhere].discard(other)
        removed.append(columns.pop(need))
    return removed


def uncover(options, columns, choice, removed):
    for need in reversed(options[choice]):
        columns[need] = removed.pop()
        for other in columns[need]:
            for elsewhere in options[other]:
                if elsewhere != need:
                    columns[elsewhere].add(other)


def search(options, columns, chosen):
    if not columns:
        return True
    need = min(columns, key=lambda k: len(columns[k]))
    for choice in list(columns[need]):
        chosen.append(choice)
        removed = cover(options, columns, choice)
        if search(options, columns, chosen):
            return True
        uncover(options, columns, choice, removed)
        chosen.pop()
    return False


def complete(diagonal):
    options, columns = {}, {}
    for r in range(N):
        for c in range(N):
            allowed = GRID[r][c] or LETTERS
            if r + c == N - 1:
                allowed = diagonal if diagonal in allowed else ""
            for x in allowed:
                options[r, c, x] = [("cell", r, c), ("row", r, x), ("column", c, x)]
    for kind in ("cell", "row", "column"):
        for i in range(N):
            for j in range(N):
                columns[kind, i, j if kind == "cell" else LETTERS[j]] = set()
    for option, needs in options.items():
        for need in needs:
            columns[need].add(option)
    chosen = []
    return chosen if search(options, columns, chosen) else None


for diagonal in LETTERS:
    chosen = complete(diagonal)
    if chosen is not None:
        square = {(r, c): x for r, c, x in chosen}
        rows = "\n".join(",".join(square[r, c] for c in range(N)) for r in range(N))
        print(f"<<<\n{rows}\n>>>")
        break
