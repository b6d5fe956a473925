# tries: reads address zero
# observe: a crash of the program only
# expect: contained
# outcome: timed-out|out-of-memory|output-limit|finished
import ctypes

ctypes.string_at(0)
