# tries: fills every shared mapping it finds with a message for the next run
# observe: wiped before the next run
# expect: contained
# stdout-has: honest
import gc
import mmap
import sys

frame = sys._getframe()
pages = [o for o in gc.get_objects() if isinstance(o, mmap.mmap)]
while frame is not None:
    pages += [v for v in frame.f_locals.values() if isinstance(v, mmap.mmap)]
    frame = frame.f_back
if any(any(page[:]) for page in pages):
    print("BREACH: a page that is not blank")
for page in pages:
    page[:] = b"hostile!" * (len(page) // 8)
print("honest")
