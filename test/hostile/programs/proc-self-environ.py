# tries: prints its environment by every way there is
# observe: no secret of the host is in it
# expect: contained
import os

print(dict(os.environ))
try:
    with open("/proc/self/environ", "rb") as file:
        print(file.read())
except OSError as error:
    print(type(error).__name__)
try:
    import subprocess

    print(subprocess.run(["env"], capture_output=True).stdout)
except (OSError, ImportError) as error:
    print(type(error).__name__)
