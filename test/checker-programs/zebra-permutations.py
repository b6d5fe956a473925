# label: {"adequate": true, "method": "enumeration"}
import itertools
people = ["Ann", "Bob", "Cid", "Dee"]
for order in itertools.permutations(people):
    pos = {p: i for i, p in enumerate(order)}
    if pos["Ann"] < pos["Bob"] and abs(pos["Cid"] - pos["Dee"]) == 1 and pos["Dee"] != 0 and pos["Bob"] != 3:
        print("<<<" + ", ".join(order) + ">>>")
        break
