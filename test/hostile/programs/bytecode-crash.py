# tries: runs bytecode that crashes the interpreter
# observe: a crash of the program only
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
# limit-ms: 2000
import types


def model():
    pass


broken = model.__code__.replace(co_code=bytes([100, 250] * 50), co_consts=(), co_stacksize=1)
types.FunctionType(broken, {})()
