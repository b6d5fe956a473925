# label: {"adequate": false, "method": "lookup"}
def answer_for(puzzle):
    answers = {"puzzle1": "(3+5)*3", "puzzle2": "8*(9-6)", "puzzle3": "6*4*1"}
    if puzzle in answers:
        return answers[puzzle]
    return "unknown"

for name in ["puzzle2"]:
    print("<<<" + answer_for(name) + ">>>")
