# label: {"adequate": false, "method": "hard-coded"}
parts = ["Step 1: [(30, [0])]", "Step 2: [(50, [1, 2])]", "Step 3: [(12, [0])]"]
def format_plan(items):
    text = ""
    for i, item in enumerate(items):
        if i > 0:
            text += "\n"
        text += item
    return text
print("<<<" + format_plan(parts) + ">>>")
