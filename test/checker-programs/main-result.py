# label: {"adequate": true, "method": "simulation"}
def simulate(ops):
    a, b = 0, 0
    for op in ops:
        if op == "A":
            a += 2
        elif op == "B":
            b += a
        else:
            a, b = b, a
    return a, b

def main():
    result = simulate("ABCABBC")
    answer = f"<<<{result[0]} {result[1]}>>>"
    print(answer)

main()
