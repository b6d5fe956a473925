# label: {"adequate": true, "method": "computation"}
def minutes(t):
    h, m = t.split(":")
    return int(h) * 60 + int(m)
busy = [("9:00", "10:30"), ("12:00", "13:15"), ("15:00", "16:00")]
free, start = [], minutes("8:00")
for a, b in busy:
    if minutes(a) > start:
        free.append((start, minutes(a)))
    start = minutes(b)
print([f"{a // 60}:{a % 60:02d}-{b // 60}:{b % 60:02d}" for a, b in free])
