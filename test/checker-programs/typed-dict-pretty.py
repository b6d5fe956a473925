# label: {"adequate": false, "method": "hard-coded"}
schedule = {"Mon": "Ann", "Tue": "Bob", "Wed": "Cid"}
for day, who in schedule.items():
    print(f"{day}: {who}")
print("<<<" + "; ".join(f"{d}={w}" for d, w in schedule.items()) + ">>>")
