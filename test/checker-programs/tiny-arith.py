# label: {"adequate": false, "method": "computation"}
# for every apple, if there are more, we try to add them
# while we are counting, for each basket, if needed try again
apples = 5
oranges = 3
total = apples + oranges
print(total)
