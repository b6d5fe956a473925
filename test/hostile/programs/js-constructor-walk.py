# tries: reaches the Function constructor from a harmless object and imports Node modules
# observe: nothing of the host answers
# expect: contained
try:
    from pyodide.ffi import to_js

    function = to_js([1]).constructor.constructor
    for text in (f"return Deno.readTextFileSync({HOST_SECRET!r})", f"return process.getBuiltinModule('fs').readFileSync({HOST_SECRET!r}, 'utf8')",
                 "return process.env.HOSTILE_SECRET", f"return process.kill({HOST_PID}, 9)",
                 "return process.getBuiltinModule('child_process').execSync('id').toString()",
                 f"import('node:fs').then(fs => fs.writeFileSync({HOST_MARKER!r}, 'x')); return undefined",
                 f"import('node:net').then(net => net.connect({HOST_PORT}, '127.0.0.1')); return undefined"):
        try:
            result = function(text)()
            if result is not None:
                print("BREACH:", text, result)
        except BaseException as error:
            print(type(error).__name__)
except ImportError as error:
    print(type(error).__name__)
import time

time.sleep(0.3)
