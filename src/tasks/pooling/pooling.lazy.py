# Slides windows over a matrix, always by one cell, and rounds every mean to two digits.
MATRIX = [[1, 3, 5], [7, 1, 3], [0, 4, -2]]
LAYERS = [["average", 2, 2, 1, 1]]
# --- end of data ---

matrix = MATRIX
for kind, height, width, down, right in LAYERS:
    new = []
    for top in range(len(matrix) - height + 1):
        row = []
        for left in range(len(matrix[0]) - width + 1):
            window = [value for line in matrix[top : top + height] for value in line[left : left + width]]
            if kind == "max":
                row.append(max(window))
            elif kind == "min":
                row.append(min(window))
            else:
                row.append(round(sum(window) / len(window), 2))
        new.append(row)
    matrix = new

print(f"<<<{matrix}>>>")
