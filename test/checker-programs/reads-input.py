# label: {"adequate": false, "method": "computation"}
n = int(input("Enter the number: "))
total = 0
for i in range(1, n + 1):
    if n % i == 0:
        total += i
print(total)
