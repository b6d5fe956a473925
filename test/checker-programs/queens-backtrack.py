# label: {"adequate": true, "method": "search"}
def place(row, cols, placed):
    if row == 8:
        return list(placed)
    for col in range(8):
        if col in cols or any(abs(col - c) == row - r for r, c in enumerate(placed)):
            continue
        placed.append(col)
        result = place(row + 1, cols | {col}, placed)
        if result:
            return result
        placed.pop()
    return None

fixed = {0: 3}
board = place(1, {3}, [3])
print("<<<" + ", ".join(f"{r} {c}" for r, c in enumerate(board)) + ">>>")
