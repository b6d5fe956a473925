# Does the walk end where it began? Complex numbers: the position is a point, a turn is a multiplication.
MOVES = [["go", "forward", 3], ["turn", "around"], ["go", "forward", 3]]
# --- end of data ---

COMPASS = {"north": 1j, "south": -1j, "east": 1, "west": -1}
RELATIVE = {"forward": 1, "backward": -1, "left": 1j, "right": -1j}
TURN = {"left": 1j, "right": -1j, "around": -1}

position, facing = 0, 1j


def carry_out(move):
    global position, facing
    kind, way, *rest = move
    if kind == "turn":
        facing *= TURN[way]
    elif way in RELATIVE:
        position += rest[0] * facing * RELATIVE[way]
    else:
        position += rest[0] * sum(COMPASS[part] for part in way.split("-"))


for number, move in enumerate(MOVES):
    if move[0] == "again":
        _, last, times = move
        for _ in range(times):
            for earlier in MOVES[number - last : number]:
                carry_out(earlier)
    else:
        carry_out(move)

print(f"<<<{'Yes' if position == 0 else 'No'}>>>")
