# label: {"adequate": false, "method": "hard-coded"}
"""
Search strategy: for each permutation, while there are candidates, try it;
if it fails, except for the last, go on. itertools.permutations would be used,
eval(expr) evaluates.
"""
message = "for if while try except elif else"  # format the information for the platform
print("The answer is B, because if A were right, the entry would differ.")
