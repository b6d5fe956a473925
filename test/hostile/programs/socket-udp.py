# tries: sends a datagram to the host
# observe: it does not arrive
# expect: contained
import socket

try:
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.sendto(b"hostile", ("127.0.0.1", HOST_PORT))
    print("sent")
except OSError as error:
    print(type(error).__name__)
