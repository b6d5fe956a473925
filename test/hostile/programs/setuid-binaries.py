# tries: looks for binaries that would give it more rights, and runs them
# observe: none gives any
# expect: contained
import os
import subprocess

for name in ("su", "sudo", "mount", "umount", "passwd", "newgrp", "chsh", "pkexec", "fusermount", "bwrap"):
    path = "/usr/bin/" + name
    if not os.path.exists(path):
        continue
    try:
        ran = subprocess.run([path, "--version"], capture_output=True, timeout=2)
        print(name, ran.returncode)
    except (OSError, subprocess.SubprocessError) as error:
        print(name, type(error).__name__)
try:
    print("ids", os.getresuid())
    os.setuid(0)
    print("BREACH: became root" if os.path.isdir("/proc/1") else "a play root")
except (OSError, AttributeError) as error:
    print(type(error).__name__)
try:
    status = open("/proc/self/status").read()
    if "CapEff:\t0000000000000000" not in status or "NoNewPrivs:\t1" not in status or "Seccomp:\t2" not in status:
        print("BREACH:", status)
except OSError:
    pass
