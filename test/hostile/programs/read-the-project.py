# tries: looks for the project's own files, from the paths it could know
# observe: nothing is found
# expect: contained
import os

folder = HOST_FOLDER
while True:
    try:
        names = os.listdir(folder)
    except OSError:
        names = []
    if os.path.basename(HOST_SECRET) in names or "package.json" in names:
        print("BREACH:", folder, names)
    if folder == "/":
        break
    folder = os.path.dirname(folder)
