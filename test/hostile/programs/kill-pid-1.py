# tries: sends every signal to process 1
# observe: process 1 lives on and answers the next run
# expect: contained
import os

for number in range(1, 65):
    try:
        os.kill(1, number)
    except (OSError, AttributeError, ValueError):
        pass
print("done")
