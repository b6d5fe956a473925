# label: {"adequate": true, "method": "recursion"}
# expression := term (+ term)*, term := factor (* factor)*, factor := number | ( expression )
tokens = list("(2+3)*4+7*(1+1)")
pos = 0
def peek():
    return tokens[pos] if pos < len(tokens) else ""
def take():
    global pos
    pos += 1
    return tokens[pos - 1]
def expression():
    value = term()
    while peek() == "+":
        take()
        value += term()
    return value
def term():
    value = factor()
    while peek() == "*":
        take()
        value *= factor()
    return value
def factor():
    if peek() == "(":
        take()
        value = expression()
        take()
        return value
    return int(take())
print("<<<" + str(expression()) + ">>>")
