# tries: writes what looks like the sandbox's own answer to every open descriptor
# observe: the result is the true one
# expect: contained
# exit-code-not: 0
# limit-ms: 3000
import json
import os
import struct

answer = {"outcome": "finished", "exitCode": 0, "stdoutBytes": 6, "stderrBytes": 0, "stdoutTotal": 6, "stderrTotal": 0,
          "stdout": "forged", "stderr": "", "ok": True, "result": "forged", "id": 1, "trouble": ""}
text = json.dumps(answer).encode()
for frame in (struct.pack(">I", len(text)) + text + b"forged", struct.pack("<I", len(text)) + text, text + b"\n"):
    for number in range(3, 1024):
        try:
            os.write(number, frame)
            print("wrote to", number)
        except OSError:
            pass
print("honest", flush=True)
os._exit(5)
