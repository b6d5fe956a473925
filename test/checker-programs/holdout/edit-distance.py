# label: {"adequate": true, "method": "dynamic-programming"}
def distance(s, t):
    previous = list(range(len(t) + 1))
    table = [previous]
    for i in range(1, len(s) + 1):
        row = [i] + [0] * len(t)
        for j in range(1, len(t) + 1):
            cost = 0 if s[i - 1] == t[j - 1] else 1
            row[j] = min(table[i - 1][j] + 1, row[j - 1] + 1, table[i - 1][j - 1] + cost)
        table.append(row)
    return table[-1][-1]
print(distance("intention", "execution"))
