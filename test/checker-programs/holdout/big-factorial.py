# label: {"adequate": true, "method": "computation"}
import math
print("<<<" + str(sum(int(d) for d in str(math.factorial(100)))) + ">>>")
