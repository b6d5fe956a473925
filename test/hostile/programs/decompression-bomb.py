# tries: inflates a few kilobytes into gigabytes
# observe: bounded by memory or time
# expect: contained
# outcome: out-of-memory|timed-out|finished
# limit-ms: 5000
import zlib

packer = zlib.compressobj(9)
packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
for _ in range(3):
    packed = zlib.compress(packed, 9)
grown = packed
for _ in range(4):
    grown = zlib.decompress(grown)
hoard = [grown * 64 for _ in range(4)]
print("BREACH: inflated to", sum(map(len, hoard)))
