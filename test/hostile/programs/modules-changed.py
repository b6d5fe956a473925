# tries: changes builtins and modules in place
# observe: the next run has the real ones
# expect: contained
import builtins
import json
import math
import os
import sys

builtins.len = lambda x: 42
builtins.open = None
math.sqrt = lambda x: -1
json.dumps = lambda *a, **k: "hostile"
os._exit_real = os._exit
sys.modules["random"] = None
sys.path[:] = []
sys.settrace(lambda *a: None)
builtins.print = lambda *a, **k: None
