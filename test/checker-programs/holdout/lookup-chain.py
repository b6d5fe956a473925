# label: {"adequate": false, "method": "lookup"}
facts = {"France": "Paris", "Paris": "Seine", "Seine": "blue"}
step = facts["France"]
step = facts[step]
step = facts[step]
print("<<<" + step + ">>>")
