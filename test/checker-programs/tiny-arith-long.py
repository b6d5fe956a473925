# label: {"adequate": false, "method": "computation"}
# Step 1: Tom starts with 12 marbles
start = 12
# Step 2: for his birthday he gets 5 more, before he gives some away
after_gift = start + 5
# Step 3: if he gives 4 to his friend for the platform game
after_giving = after_gift - 4
# Step 4: information: he doubles it for the country fair
final_result = after_giving * 2
print("The final result is", final_result)
