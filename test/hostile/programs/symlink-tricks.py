# tries: plants links to host files where the sandbox writes or cleans next
# observe: host files are neither read, written nor deleted
# expect: contained
import os

os.makedirs("folder", exist_ok=True)
for number, target in enumerate([HOST_SECRET, HOST_FOLDER, HOST_MARKER, "/proc/1/root", "/"]):
    os.symlink(target, f"link-{number}")
    os.symlink(target, f"folder/link-{number}")
for name in ("main.py", "/tmp/main.py"):
    try:
        os.unlink(name)
        os.symlink(HOST_MARKER, name)
    except OSError:
        pass
for number in range(5):
    try:
        with open(f"link-{number}") as file:
            print("BREACH:", file.read(100))
    except OSError as error:
        print(type(error).__name__)
