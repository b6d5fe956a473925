# tries: posts what looks like the sandbox's answer through the JavaScript world
# observe: the result is the true one
# expect: contained
# exit-code-not: 0
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 3000
import json

answer = json.dumps({"outcome": "finished", "exitCode": 0, "stdout": "forged", "stderr": "", "done": True})
try:
    from pyodide.code import run_js

    for text in (f"postMessage({answer})", f"console.log({answer!r})", f"Deno.stdout.writeSync(new TextEncoder().encode({answer!r}))",
                 f"process.stdout.write({answer!r})", f"process.send({answer})", "Deno.exit(0)", "process.exit(0)", "close()"):
        try:
            run_js(text)
        except BaseException as error:
            print(type(error).__name__)
except ImportError as error:
    print(type(error).__name__)
print("honest")
raise SystemExit(5)
