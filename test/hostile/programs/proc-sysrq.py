# tries: asks the kernel to sync, crash or reboot
# observe: refused
# expect: contained
import os

for path in ("/proc/sysrq-trigger", "/proc/sys/kernel/sysrq", "/proc/sys/vm/drop_caches", "/proc/sys/kernel/core_pattern",
             "/proc/sys/kernel/hostname", "/proc/1/oom_score_adj", "/proc/1/autogroup", "/proc/1/timerslack_ns"):
    try:
        with open(path, "w") as file:
            file.write("0")
        # A wasm file system lets anybody make a file of any name; that is no kernel.
        print("BREACH: wrote" if os.path.isdir("/proc/1") else "made", path)
    except OSError as error:
        print(path, type(error).__name__)
