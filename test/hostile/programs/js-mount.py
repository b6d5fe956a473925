# tries: mounts a host folder into the wasm file system (mountNodeFS, NODEFS)
# observe: refused
# expect: contained
try:
    import pyodide_js

    for attempt in (lambda: pyodide_js.mountNodeFS("/mnt", HOST_FOLDER),
                    lambda: pyodide_js.FS.mount(pyodide_js.FS.filesystems.NODEFS, {"root": HOST_FOLDER}, "/mnt")):
        try:
            attempt()
            import os

            print("mounted", os.listdir("/mnt"))
            print(open("/mnt/secret.txt").read())
        except BaseException as error:
            print(type(error).__name__)
except ImportError as error:
    print(type(error).__name__)
