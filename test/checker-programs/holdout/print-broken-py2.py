# label: {"adequate": false, "method": "computation"}
total = 0
for i in range(1, 50):
    if i % 7 == 0:
        total += i
print "total is", total
