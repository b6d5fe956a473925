# label: {"adequate": false, "method": "hard-coded"}
moves = []
moves.append("right")
moves.append("right")
moves.append("down")
moves.append("left")
for move in moves:
    print(move)
print("<<<" + ",".join(moves) + ">>>")
