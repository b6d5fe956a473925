# label: {"adequate": true, "method": "simulation"}
cups = {"Alice": "red", "Bob": "green", "Claire": "blue"}
swaps = [("Alice", "Bob"), ("Claire", "Alice"), ("Bob", "Claire"), ("Alice", "Bob")]
for a, b in swaps:
    cups[a], cups[b] = cups[b], cups[a]
print("<<<" + cups["Claire"] + ">>>")
