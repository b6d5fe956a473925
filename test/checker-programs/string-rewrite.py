# label: {"adequate": true, "method": "simulation"}
s = "ABCBBAC"
rules = [("AB", "C"), ("BC", "A"), ("CB", "B")]
changed = True
while changed:
    changed = False
    for old, new in rules:
        if old in s:
            s = s.replace(old, new, 1)
            changed = True
            break
print(f"<<<{s}>>>")
