# tries: writes to the host's folder and to system folders
# observe: the marker does not appear
# expect: contained
import os

for path in [HOST_MARKER, "/usr/bin/hostile", "/etc/hostile", "/hostile", "/dev/hostile", "/usr/lib/hostile.py",
             "/proc/1/root" + HOST_MARKER, "/var/tmp/hostile", "/run/hostile"]:
    try:
        with open(path, "w") as file:
            file.write("hostile")
        print("wrote", path)
    except OSError as error:
        print(path, type(error).__name__)
