# label: {"adequate": false, "method": "computation"}
price = 80
discount = 0.25
print("Price after discount:", price - price * discount)
