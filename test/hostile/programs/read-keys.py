# tries: reads keys and accounts where they usually lie
# observe: nothing of the host is there
# expect: contained
import glob
import os

wanted = ["/etc/shadow", "/root/.ssh/*", "/root/.*history", "/home/*/.ssh/*", "/root/.aws/*", "/root/.config/*/*",
          "/run/secrets/*", "/var/run/secrets/*/*", "/root/.netrc", "/root/.npmrc", "/root/.docker/config.json"]
for pattern in wanted:
    for path in glob.glob(pattern):
        try:
            with open(path, "rb") as file:
                print("BREACH:", path, file.read(20))
        except OSError:
            pass
for folder in ["/root", "/var", "/srv", "/opt", "/etc/ssl/private", "/boot"]:
    try:
        if os.listdir(folder):
            print("BREACH:", folder, os.listdir(folder)[:5])
    except OSError:
        pass
