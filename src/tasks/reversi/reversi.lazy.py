# Follows moves on a board of pieces 0 and 1, but looks only along rows and columns and trusts every move.
BOARD = ["****", "*10*", "*01*", "****"]
MOVES = [[0, 1, 2], [1, 1, 1]]
# --- end of data ---

board = [list(row) for row in BOARD]
size = len(board)

for kind, row, column in MOVES:
    kind, row, column = str(kind), row - 1, column - 1
    board[row][column] = kind
    for dr, dc in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        line = []
        r, c = row + dr, column + dc
        while 0 <= r < size and 0 <= c < size and board[r][c] not in ("*", kind):
            line.append((r, c))
            r, c = r + dr, c + dc
        if 0 <= r < size and 0 <= c < size and board[r][c] == kind:
            for x, y in line:
                board[x][y] = kind

print(f"<<<{[''.join(row) for row in board]}>>>")
