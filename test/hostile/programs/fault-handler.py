# tries: uses faulthandler to crash late and to write to a descriptor of its choice
# observe: a crash of the program only
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 3000
import faulthandler

for number in range(3, 64):
    try:
        faulthandler.dump_traceback(file=number)
    except (OSError, ValueError, RuntimeError):
        pass
try:
    faulthandler.dump_traceback_later(0.2, exit=True)
except RuntimeError as error:
    print(error)
import time

time.sleep(1)
faulthandler._sigsegv()
