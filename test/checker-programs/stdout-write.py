# label: {"adequate": true, "method": "computation"}
import sys
nums = [int(x) for x in "4 8 15 16 23 42".split()]
evens = [n for n in nums if n % 2 == 0]
sys.stdout.write("<<<%d>>>\n" % sum(evens))
