# tries: makes a setuid file for a later run or a host user
# observe: nothing is left
# expect: contained
import os
import shutil

try:
    shutil.copy("/usr/bin/python3", "shell")
    os.chmod("shell", 0o6777)
    print(oct(os.stat("shell").st_mode))
except OSError as error:
    print(type(error).__name__)
