# label: {"adequate": true, "method": "recursion"}
tree = {"v": 5, "kids": [{"v": 3, "kids": []}, {"v": 9, "kids": [{"v": 4, "kids": []}]}]}
def total(node):
    return node["v"] + sum(total(k) for k in node["kids"])
def depth(node):
    return 1 + max(map(depth, node["kids"]), default=0)
print(total(tree), depth(tree))
