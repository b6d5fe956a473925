# tries: kills its parent and every process it can number, the host's among them
# observe: host and sandbox live on
# expect: contained
import os
import signal

targets = [os.getppid(), HOST_PID, HOST_BYSTANDER, *range(2, 200)]
for target in targets:
    if target == os.getpid() or target <= 0:
        continue
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(target, number)
        except (OSError, AttributeError):
            pass
print("done")
