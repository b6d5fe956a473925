# Slides windows over a matrix: maxima, minima or exact means, layer after layer.
MATRIX = [[1, 3, 5], [7, 1, 3], [0, 4, -2]]
LAYERS = [["average", 2, 2, 1, 1]]
# --- end of data ---

from fractions import Fraction

matrix = [[Fraction(value) for value in row] for row in MATRIX]

for kind, height, width, down, right in LAYERS:
    new = []
    for top in range(0, len(matrix) - height + 1, down):
        row = []
        for left in range(0, len(matrix[0]) - width + 1, right):
            window = [matrix[r][c] for r in range(top, top + height) for c in range(left, left + width)]
            if kind == "max":
                row.append(max(window))
            elif kind == "min":
                row.append(min(window))
            else:
                row.append(sum(window) / len(window))
        new.append(row)
    matrix = new

print("<<<[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in matrix) + "]>>>")
