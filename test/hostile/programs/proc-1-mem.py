# tries: reads and writes the memory of process 1
# observe: refused
# expect: contained
for mode in ("rb", "r+b"):
    try:
        with open("/proc/1/mem", mode, buffering=0) as file:
            print("BREACH: opened", mode)
    except OSError as error:
        print(type(error).__name__)
for name in ("maps", "environ", "auxv", "syscall", "stack"):
    try:
        with open("/proc/1/" + name, "rb") as file:
            content = file.read(200)
        if content:
            print("BREACH: /proc/1/" + name, content[:60])
    except OSError as error:
        print(name, type(error).__name__)
