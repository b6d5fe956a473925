# tries: reads the environment and command line of every process it can see
# observe: no host process is among them
# expect: contained
import os

for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else []):
    for name in ("environ", "cmdline", "cwd", "root", "exe"):
        try:
            if name in ("cwd", "root", "exe"):
                print(pid, name, os.readlink(f"/proc/{pid}/{name}"))
            else:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    print(pid, name, file.read()[:2000])
        except OSError as error:
            print(pid, name, type(error).__name__)
if os.path.exists(f"/proc/{HOST_PID}/stat") and HOST_PID > 50:
    print("BREACH: the host process is visible")
