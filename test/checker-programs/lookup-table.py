# label: {"adequate": false, "method": "lookup"}
capitals = {"red": "stop", "green": "go", "yellow": "slow"}
color = "green"
answer = capitals[color]
print("<<<" + answer + ">>>")
