# tries: opens raw, packet, netlink, vsock, bluetooth, algorithm and key sockets
# observe: each is refused
# expect: contained
import socket

for family, kind, protocol in ((2, 3, 1), (17, 3, 768), (16, 3, 0), (40, 1, 0), (31, 3, 0), (38, 5, 0), (15, 3, 2), (44, 3, 0)):
    try:
        made = socket.socket(family, kind, protocol)
        if family == 40:
            made.connect((2, 1024))
        # The wasm socket layer makes harmless handles for any family; they reach nothing.
        print("made", family, kind)
    except (OSError, AttributeError, TypeError) as error:
        print(family, type(error).__name__)
import os

if os.path.isdir("/proc/1") and os.path.exists("/usr/bin/python3"):
    try:
        socket.socket(16, 3, 0)
        print("BREACH: a netlink socket was made")
    except OSError:
        pass
