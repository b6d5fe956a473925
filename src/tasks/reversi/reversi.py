# Follows moves on a board of pieces 0 and 1: lines between the new piece and the next of its kind are turned.
BOARD = ["****", "*10*", "*01*", "****"]
MOVES = [[0, 1, 2], [1, 1, 1]]
# --- end of data ---

size = len(BOARD)
stones = {(r, c): int(s) for r, row in enumerate(BOARD, 1) for c, s in enumerate(row, 1) if s != "*"}


def captured(kind, r, c):
    """Walks outwards ring by ring with all directions at once."""
    lines = {(dr, dc): [] for dr in (-1, 0, 1) for dc in (-1, 0, 1) if (dr, dc) != (0, 0)}
    won = set()
    for distance in range(1, size):
        for direction in list(lines):
            place = (r + distance * direction[0], c + distance * direction[1])
            found = stones.get(place)
            if found is None:
                del lines[direction]
            elif found == kind:
                won.update(lines.pop(direction))
            else:
                lines[direction].append(place)
    return won


for kind, r, c in MOVES:
    if (r, c) in stones:
        continue
    won = captured(kind, r, c)
    if not won:
        continue
    stones[r, c] = kind
    for place in won:
        stones[place] = kind

rows = ["".join(str(stones.get((r, c), "*")) for c in range(1, size + 1)) for r in range(1, size + 1)]
print(f"<<<{rows}>>>")
