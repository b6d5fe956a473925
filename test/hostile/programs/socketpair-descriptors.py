# tries: passes descriptors through a socket pair and closes everything, so that they live only in flight
# observe: freed with the run
# expect: contained
import array
import os
import socket

try:
    for _ in range(20):
        left, right = socket.socketpair()
        reader, writer = os.pipe()
        left.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [reader, writer, right.fileno()]))])
except (OSError, AttributeError) as error:
    print(type(error).__name__)
