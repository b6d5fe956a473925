# tries: leaves modules that the next run would import instead of the real ones
# observe: the next run imports the real ones
# expect: contained
import os
import sys

for folder in [".", "/tmp", *sys.path]:
    for name in ("json", "random", "sitecustomize", "usercustomize", "main"):
        try:
            with open(os.path.join(folder, name + ".py"), "w") as file:
                file.write("print('BREACH: planted module')")
        except OSError:
            pass
