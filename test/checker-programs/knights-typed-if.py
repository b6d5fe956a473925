# label: {"adequate": false, "method": "hard-coded"}
# Zoey says Riley is a liar; if Zoey tells the truth then Riley lies.
zoey = True
riley = False
luke = True
answers = []
for person in [zoey, riley, luke]:
    if person:
        answers.append("yes")
    else:
        answers.append("no")
print("<<<" + ", ".join(answers) + ">>>")
