# label: {"adequate": false, "method": "no-code"}
# The answer can be found by thinking about each case:
# for each box, if it is heavier than the lifter, try the next while any are left.
# <<<Step 1: [(30, [0, 1])]>>>
