# label: {"adequate": true, "method": "computation"}
import re
expr = "twelve + 5 * three"
table = {"twelve": "12", "three": "3"}
expr = re.sub(r"[a-z]+", lambda m: table[m.group()], expr)
print(eval(expr))
