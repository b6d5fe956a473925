# tries: hides a message for the next run in attributes of the scratch folders
# observe: gone in the next run
# expect: contained
import os

for folder in ["/tmp", "/dev/shm", "."]:
    try:
        os.setxattr(folder, "user.message", b"from the last run")
        print("set on", folder)
    except (OSError, AttributeError) as error:
        print(folder, type(error).__name__)
    try:
        os.utime(folder, (12345, 67890))
    except OSError:
        pass
