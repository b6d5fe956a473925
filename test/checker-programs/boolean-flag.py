# label: {"adequate": true, "method": "computation"}
word = "A man a plan a canal Panama"
cleaned = "".join(c.lower() for c in word if c.isalpha())
is_pal = cleaned == cleaned[::-1]
if is_pal:
    print("<<<Yes>>>")
else:
    print("<<<No>>>")
