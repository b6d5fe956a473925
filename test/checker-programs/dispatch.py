# label: {"adequate": true, "method": "simulation"}
def push(stack, arg):
    stack.append(int(arg))

def add(stack, _):
    stack.append(stack.pop() + stack.pop())

def mul(stack, _):
    stack.append(stack.pop() * stack.pop())

OPS = {"push": push, "add": add, "mul": mul}
program = "push 3; push 4; add; push 5; mul".split("; ")
stack = []
for line in program:
    name, _, arg = line.partition(" ")
    OPS[name](stack, arg)
print(stack[-1])
