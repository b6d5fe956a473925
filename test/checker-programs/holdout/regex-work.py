# label: {"adequate": true, "method": "computation"}
import re
text = "On 3 May 21 men bought 17 cows for 450 coins, and 6 women bought 12."
numbers = [int(n) for n in re.findall(r"\d+", text)]
print(sum(n for n in numbers if n % 3 == 0))
