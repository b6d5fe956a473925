# tries: walks the frames and the garbage collector to the sandbox's own objects and calls them
# observe: the result is the true one
# expect: contained
# exit-code-not: 0
# limit-ms: 3000
# stdout-has: honest
import gc
import sys

frame = sys._getframe()
found = []
while frame is not None:
    found.append(frame.f_globals)
    found.append(dict(frame.f_locals))
    frame = frame.f_back
found.extend(o for o in gc.get_objects() if isinstance(o, dict) and "control" in o)
for names in found:
    for name, value in list(names.items()):
        for method in ("write", "send", "post", "answer"):
            if type(value).__name__ in ("Control", "Channel") and hasattr(value, method):
                try:
                    getattr(value, method)({"outcome": "finished", "exitCode": 0, "stdoutBytes": 0, "stderrBytes": 0,
                                            "stdoutTotal": 0, "stderrTotal": 0, "trouble": ""})
                    print("called", name, method)
                except Exception as error:
                    print(type(error).__name__)
print("honest")
raise SystemExit(5)
