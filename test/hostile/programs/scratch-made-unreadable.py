# tries: takes all rights from the scratch folder and its contents
# observe: the next run works and finds it empty
# expect: contained
import os

os.makedirs("locked/inner", exist_ok=True)
with open("locked/inner/file", "w") as file:
    file.write("left")
os.chmod("locked/inner", 0)
os.chmod("locked", 0)
os.chmod(".", 0)
