# label: {"adequate": true, "method": "computation"}
a = 918273645546372819
b = 123456789987654321
c = 5551212
print("<<<" + str(a * b - c) + ">>>")
