# Moves single numbers of a board step by step; equal numbers merge.
BOARD = [[2, 0, 0], [0, 0, 4], [2, 0, 0]]
TURNS = [[1, 1, "ddr"]]
# --- end of data ---

STEP = {"u": -1j, "d": 1j, "l": -1, "r": 1}
height, width = len(BOARD), len(BOARD[0])
numbers = {complex(x, y): value for y, row in enumerate(BOARD) for x, value in enumerate(row) if value}


def on_board(place):
    return 0 <= place.real < width and 0 <= place.imag < height


for row, column, letters in TURNS:
    place = complex(column - 1, row - 1)
    if place not in numbers:
        continue
    moving = numbers.pop(place)
    for letter in letters:
        target = place + STEP[letter]
        if not on_board(target):
            continue
        if target not in numbers:
            place = target
        elif numbers[target] == moving:
            del numbers[target]
            moving *= 2
            place = target
    numbers[place] = moving

after = [[numbers.get(complex(x, y), 0) for x in range(width)] for y in range(height)]
assert sum(map(sum, after)) == sum(map(sum, BOARD))
print(f"<<<{after}>>>")
