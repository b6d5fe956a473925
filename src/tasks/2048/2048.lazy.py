# Moves single numbers step by step, but takes a merge for the end of the turn.
BOARD = [[2, 0, 0], [0, 0, 4], [2, 0, 0]]
TURNS = [[1, 1, "ddr"]]
# --- end of data ---

STEP = {"u": (-1, 0), "d": (1, 0), "l": (0, -1), "r": (0, 1)}

for r, c, letters in TURNS:
    r, c = r - 1, c - 1
    for letter in letters:
        nr, nc = r + STEP[letter][0], c + STEP[letter][1]
        if not (0 <= nr < len(BOARD) and 0 <= nc < len(BOARD[0])):
            continue
        if BOARD[nr][nc] == 0:
            BOARD[nr][nc], BOARD[r][c] = BOARD[r][c], 0
            r, c = nr, nc
        elif BOARD[nr][nc] == BOARD[r][c]:
            BOARD[nr][nc] *= 2
            BOARD[r][c] = 0
            break

print(f"<<<{BOARD}>>>")
