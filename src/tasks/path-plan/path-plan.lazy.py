# Drives straight from centre to centre of the boxes to visit and hopes that nothing is in the way.
WALLS = [[-1.5, -1.4, -1.5, 1.5], [1.4, 1.5, -1.5, 1.5], [-1.5, 1.5, -1.5, -1.4], [-1.5, 1.5, 1.4, 1.5]]
BOXES = {"red": [0, 0.4, 0, 0.4], "blue": [-0.6, -0.2, -0.5, 0.5]}
START = [-1, 0]
END = [1, 0]
VISIT = ["red"]
AVOID = ["blue"]
# --- end of data ---

points = [tuple(START)]
for name in VISIT:
    a, b, c, d = BOXES[name]
    points.append((round((a + b) / 2, 4), round((c + d) / 2, 4)))
points.append(tuple(END))
print(f"<<<{points}>>>")
