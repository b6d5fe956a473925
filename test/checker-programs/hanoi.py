# label: {"adequate": true, "method": "recursion"}
def hanoi(n, src, dst, via):
    if n == 0:
        return []
    return hanoi(n - 1, src, via, dst) + [(n, src, dst)] + hanoi(n - 1, via, dst, src)

for disk, src, dst in hanoi(4, "A", "C", "B"):
    print(f"Move disk {disk} from {src} to {dst}")
