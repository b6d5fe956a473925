# tries: connects to an abstract unix socket of the host, which no file permission guards
# observe: the listener gets no connection
# expect: contained
import socket

try:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect("\0" + HOST_ABSTRACT)
    connection.sendall(b"hostile")
    print("BREACH: connected")
except (OSError, AttributeError) as error:
    print(type(error).__name__)
