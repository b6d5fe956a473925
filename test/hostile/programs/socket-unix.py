# tries: connects to a unix socket of the host by its path
# observe: the listener gets no connection
# expect: contained
import socket

for path in (HOST_SOCKET, "/proc/1/root" + HOST_SOCKET, "/var/run/docker.sock", "/run/docker.sock", "/run/systemd/notify",
             "/run/dbus/system_bus_socket"):
    try:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        connection.sendall(b"hostile")
        print("BREACH: connected to", path)
    except (OSError, AttributeError) as error:
        print(path, type(error).__name__)
