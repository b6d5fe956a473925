# label: {"adequate": false, "method": "hard-coded"}
def is_valid(path, walls):
    for step in path:
        if step in walls:
            return False
    return True

path = [(0, 0), (0, 1), (1, 1), (2, 1)]
walls = {(1, 0), (2, 2)}
if is_valid(path, walls):
    print("<<<" + str(path) + ">>>")
