# label: {"adequate": true, "method": "search"}
class Sliding:
    def __init__(self, tiles):
        self.tiles = tuple(tiles)

    def neighbours(self, state):
        blank = state.index(0)
        row, col = divmod(blank, 3)
        for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            r, c = row + dr, col + dc
            if 0 <= r < 3 and 0 <= c < 3:
                cells = list(state)
                cells[blank], cells[r * 3 + c] = cells[r * 3 + c], cells[blank]
                yield tuple(cells)

    def solve(self, goal):
        frontier = [self.tiles]
        parent = {self.tiles: None}
        while frontier:
            layer = []
            for state in frontier:
                for nxt in self.neighbours(state):
                    if nxt not in parent:
                        parent[nxt] = state
                        layer.append(nxt)
            if goal in parent:
                break
            frontier = layer
        steps, state = 0, goal
        while parent[state] is not None:
            state = parent[state]
            steps += 1
        return steps

print(Sliding([1, 2, 3, 4, 0, 6, 7, 5, 8]).solve((1, 2, 3, 4, 5, 6, 7, 8, 0)))
