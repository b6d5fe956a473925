# tries: connects to a listener on the host's loopback, by IPv4 and IPv6
# observe: the listener gets no connection
# expect: contained
import socket

for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "host.docker.internal", "10.0.2.2", "172.17.0.1"):
    try:
        connection = socket.create_connection((host, HOST_PORT), timeout=1)
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        # The wasm socket layer answers connect() before it has tried; the listener is the judge.
        print("connected to", host)
    except OSError as error:
        print(host, type(error).__name__)
