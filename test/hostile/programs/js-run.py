# tries: evaluates JavaScript (pyodide.code.run_js)
# observe: nothing of the host answers
# expect: contained
try:
    from pyodide.code import run_js

    for text in (f"Deno.readTextFileSync({HOST_SECRET!r})", "Deno.env.get('HOSTILE_SECRET')", "process.env.HOSTILE_SECRET",
                 f"Deno.writeTextFileSync({HOST_MARKER!r}, 'x'); 'wrote'", f"Deno.kill({HOST_PID}, 'SIGKILL'); 'killed'",
                 "new Deno.Command('id').outputSync(); 'ran'", f"Deno.connect({{port: {HOST_PORT}}}); 'connecting'",
                 f"fetch('http://127.0.0.1:{HOST_PORT}/'); 'fetching'", f"new WebSocket('ws://127.0.0.1:{HOST_PORT}/'); 'socket'"):
        try:
            result = run_js(text)
            print("answered:", text[:30], result)
            if result is not None and result not in ("connecting", "fetching", "socket"):
                print("BREACH:", text)
        except BaseException as error:
            print(type(error).__name__)
except ImportError as error:
    print(type(error).__name__)
