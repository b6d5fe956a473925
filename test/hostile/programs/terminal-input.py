# tries: types commands into a terminal (TIOCSTI)
# observe: there is no terminal, and the call is refused
# expect: contained
import fcntl

typed = False
for descriptor in range(3):
    for request in (0x5412, 0x541C):
        try:
            fcntl.ioctl(descriptor, request, b"x")
            typed = True
        except (OSError, AttributeError) as error:
            print(descriptor, type(error).__name__)
if typed:
    print("BREACH: typed into a terminal")
