# tries: asks for 8 GB in one piece
# observe: MemoryError or killed, at once
# expect: contained
block = b"x" * (8 << 30)
print("BREACH: 8 GB were given", len(block))
