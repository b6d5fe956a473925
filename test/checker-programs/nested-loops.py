# label: {"adequate": true, "method": "enumeration"}
for cocks in range(0, 21):
    for hens in range(0, 34):
        chicks = 100 - cocks - hens
        if chicks % 3 == 0 and 5 * cocks + 3 * hens + chicks // 3 == 100:
            print(cocks, hens, chicks)
