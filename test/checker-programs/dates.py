# label: {"adequate": true, "method": "computation"}
from datetime import date, timedelta
anchor = date(2021, 3, 1)
answer = anchor - timedelta(days=1) - timedelta(weeks=3)
print(answer.strftime("<<<%m/%d/%Y>>>"))
