# tries: kills every process it may
# observe: only its own
# expect: contained
import os
import signal

try:
    os.kill(-1, signal.SIGKILL)
except OSError as error:
    print(type(error).__name__)
try:
    os.killpg(0, signal.SIGKILL)
except (OSError, AttributeError) as error:
    print(type(error).__name__)
