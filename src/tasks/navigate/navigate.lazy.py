# Adds up the moves as if every left or right also turned the walker, and repeats as if they were done once.
MOVES = [["go", "forward", 3], ["turn", "around"], ["go", "forward", 3]]
# --- end of data ---

DIRECTIONS = [(0, 1), (1, 0), (0, -1), (-1, 0)]
COMPASS = {"north": 0, "east": 1, "south": 2, "west": 3}
TURN = {"forward": 0, "right": 1, "around": 2, "backward": 2, "left": 3}
x = y = heading = 0

for move in MOVES:
    if move[0] == "turn":
        heading = (heading + TURN[move[1]]) % 4
    elif move[0] == "go":
        way, count = move[1], move[2]
        if way in TURN:
            if way in ("left", "right"):
                heading = (heading + TURN[way]) % 4
            sign = -1 if way == "backward" else 1
            dx, dy = DIRECTIONS[heading]
        else:
            sign = 1
            dx, dy = DIRECTIONS[COMPASS[way.split("-")[0]]]
        x += sign * count * dx
        y += sign * count * dy

print(f"<<<{'Yes' if (x, y) == (0, 0) else 'No'}>>>")
