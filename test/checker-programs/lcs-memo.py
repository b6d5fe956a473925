# label: {"adequate": true, "method": "dynamic-programming"}
import functools
a, b = "AGGTABXY", "GXTXAYBZ"
@functools.lru_cache(None)
def lcs(i, j):
    if i == len(a) or j == len(b):
        return ""
    if a[i] == b[j]:
        return a[i] + lcs(i + 1, j + 1)
    return max(lcs(i + 1, j), lcs(i, j + 1), key=len)
print(lcs(0, 0))
