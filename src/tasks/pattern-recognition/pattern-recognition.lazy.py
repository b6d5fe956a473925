# Prints the first 3 x 3 block of equal letters and takes it for the largest.
ROWS = ["ABCDE", "KQQQF", "LQQQQ", "MQQQG"]
# --- end of data ---


def find():
    for r in range(len(ROWS) - 2):
        for c in range(len(ROWS[0]) - 2):
            if len({ROWS[r + i][c + j] for i in range(3) for j in range(3)}) == 1:
                return [r + 2, c + 2]


print(f"<<<{find()}>>>")
