# label: {"adequate": false, "method": "computation"}
import requests
words = requests.get("https://example.com/words.txt").text.split()
hits = [w for w in words if sorted(w) == sorted("listen")]
print(hits)
