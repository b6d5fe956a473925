# tries: writes raw bytes to descriptor 2 without end
# observe: stopped at the output limit
# expect: contained
# outcome: output-limit
import os

while True:
    os.write(2, b"\xff" * 65536)
