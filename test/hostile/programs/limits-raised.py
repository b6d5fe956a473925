# tries: raises its own limits
# observe: refused
# expect: contained
import resource

for kind in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
    try:
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print("BREACH: raised", kind)
    except (OSError, ValueError) as error:
        print(kind, type(error).__name__)
