# label: {"adequate": true, "method": "simulation"}
boxes = sorted([43, 88, 84, 17, 60], reverse=True)
lifters = [51, 49, 70]
steps = []
while boxes:
    free, step = list(lifters), []
    for weight in list(boxes):
        team = []
        while free and sum(team) < weight:
            team.append(free.pop(0))
        if sum(team) >= weight:
            step.append((weight, team))
            boxes.remove(weight)
        else:
            free = team + free
    steps.append(step)
for i, step in enumerate(steps, 1):
    print(f"Step {i}: {step}")
