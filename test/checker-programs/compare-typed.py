# label: {"adequate": false, "method": "hard-coded"}
options = {"A": 12, "B": 15, "C": 9}
correct = "B"
for option in options:
    if option == correct:
        print("<<<" + option + ">>>")
