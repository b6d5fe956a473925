# tries: closes stdin, reads it raw, and reads from what else is open
# observe: nothing that belongs to the sandbox comes out
# expect: contained
import os

print(os.read(0, 100))
os.close(0)
for number in range(3, 64):
    try:
        os.set_blocking(number, False)
        content = os.read(number, 1000)
        print("BREACH: read from descriptor", number, content[:80])
    except (OSError, AttributeError):
        pass
try:
    input()
except (OSError, EOFError, RuntimeError, ValueError) as error:
    print(type(error).__name__)
