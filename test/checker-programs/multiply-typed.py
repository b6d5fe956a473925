# label: {"adequate": false, "method": "hard-coded"}
a = 918273
b = 123456
# a * b = 918273 * 123456, computed digit by digit
answer = 113366311488
print(f"<<<{answer}>>>")
