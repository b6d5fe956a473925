# tries: imports the JavaScript world (Pyodide) and reads process, environment and files
# observe: there is none, or nothing on it answers
# expect: contained
try:
    import js

    for name in ("process", "Deno", "require", "globalThis", "self", "fetch"):
        value = getattr(js, name, None)
        print(name, value is not None)
    try:
        print("BREACH:", js.process.env.HOSTILE_SECRET)
    except Exception as error:
        print(type(error).__name__)
    for attempt in (lambda: js.Deno.env.toObject(), lambda: js.Deno.readTextFileSync(HOST_SECRET),
                    lambda: js.Deno.writeTextFileSync(HOST_MARKER, "x"), lambda: js.Deno.kill(HOST_PID, "SIGKILL"),
                    lambda: js.Deno.Command.new("id").outputSync()):
        try:
            print("BREACH:", attempt())
        except BaseException as error:
            print(type(error).__name__)
except ImportError as error:
    print(type(error).__name__)
