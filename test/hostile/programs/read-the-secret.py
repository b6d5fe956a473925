# tries: opens the host's secret file by its path, and through every trick of spelling
# observe: the secret is not printed
# expect: contained
import os

for path in [HOST_SECRET, "/proc/1/root" + HOST_SECRET, "/proc/self/root" + HOST_SECRET, "../" * 20 + HOST_SECRET,
             "/proc/1/cwd/" + HOST_SECRET, "/host" + HOST_SECRET, "/mnt" + HOST_SECRET]:
    try:
        with open(path) as file:
            print("BREACH:", file.read())
    except OSError as error:
        print(path, type(error).__name__)
