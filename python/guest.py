"""The warm interpreter that lives inside the bubblewrap sandbox.

It is process 1 of its own pid namespace. It starts with one capability (CAP_SYS_ADMIN over its own user namespace),
mounts two small scratch file systems with it, gives it up, puts itself under the seccomp filter that the host sends,
and from then on runs one program after another: one run is one fork, so that nothing a program does to the interpreter
reaches the next one.

Wire format, both ways: a 4-byte big-endian length, then that many bytes of JSON; an answer is followed by the raw bytes
of stdout and stderr, whose lengths the JSON tells. Only the standard library is used; CPython 3.9 or newer.
"""

import atexit
import ctypes
import gc
import importlib
import io
import json
import linecache
import mmap
import os
import resource
import select
import signal
import struct
import sys
import threading
import time
import traceback
import types

SCRATCH = "/tmp"
SHARED_MEMORY = "/dev/shm"
PROGRAM = "/tmp/main.py"
CHUNK_BYTES = 65536

# linux/prctl.h, linux/capability.h, linux/mount.h
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522
MS_NOSUID, MS_NODEV, MS_NOATIME = 2, 4, 1024

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def checked(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


# --- becoming harmless -----------------------------------------------------------------------------------------------


def mount_scratch(path, size_bytes, files):
    """bubblewrap can bound the bytes of a tmpfs but not its inodes; empty files would then be free kernel memory."""
    options = f"size={size_bytes},nr_inodes={files},mode=700".encode()
    checked(libc.mount(b"tmpfs", path.encode(), b"tmpfs", MS_NOSUID | MS_NODEV | MS_NOATIME, options), f"mount {path}")


def drop_capabilities():
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    checked(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def install_filter(program):
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]

    text = ctypes.create_string_buffer(program, len(program))
    pointer = Program(len(program) // 8, ctypes.addressof(text))
    checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    checked(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(pointer), 0, 0), "seccomp")


def confine(setup):
    mount_scratch(SCRATCH, setup["scratchBytes"], setup["scratchFiles"])
    mount_scratch(SHARED_MEMORY, setup["sharedMemoryBytes"], 64)
    drop_capabilities()
    # Programs run with our user id: not dumpable means that they can neither trace us nor open /proc/1/{mem,fd,...}.
    checked(libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "dumpable")
    install_filter(bytes.fromhex(setup["seccomp"]))
    # Process 1 is deaf to signals of its own namespace, except to those it has a handler for: Python's SIGINT.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


# --- the run, on the child's side ------------------------------------------------------------------------------------


def set_limit(kind, value):
    resource.setrlimit(kind, (value, value))


def set_limits(request, setup):
    seconds = -(-request["timeoutMs"] // 1000)
    set_limit(resource.RLIMIT_CPU, seconds * setup["cores"] + 1)
    set_limit(resource.RLIMIT_AS, request["memoryBytes"])
    set_limit(resource.RLIMIT_NPROC, setup["processes"])
    set_limit(resource.RLIMIT_FSIZE, setup["fileBytes"])
    set_limit(resource.RLIMIT_CORE, 0)
    set_limit(resource.RLIMIT_NOFILE, setup["openFiles"])
    set_limit(resource.RLIMIT_SIGPENDING, 256)
    # Recursion through C code (lru_cache, sort keys) needs more than the usual 8 MB.
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    wanted = 64 << 20
    set_limit(resource.RLIMIT_STACK, wanted if hard == resource.RLIM_INFINITY else min(wanted, hard))


def text_stream(descriptor, mode, errors):
    # Line by line, so that a program that is stopped has shown what it printed before.
    raw = open(descriptor, mode, closefd=False)
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, line_buffering=True)


def open_streams():
    sys.stdin = sys.__stdin__ = text_stream(0, "rb", "surrogateescape")
    sys.stdout = sys.__stdout__ = text_stream(1, "wb", "surrogateescape")
    sys.stderr = sys.__stderr__ = text_stream(2, "wb", "backslashreplace")


def new_main():
    module = types.ModuleType("__main__")
    module.__file__ = PROGRAM
    module.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = module
    sys.argv = [PROGRAM]
    sys.path.insert(0, SCRATCH)
    return module


def report_exception(error, note):
    """Prints what `python3 main.py` would print, without our own frames; returns the exit status."""
    if isinstance(error, SystemExit):
        return exit_status(error.code)
    if isinstance(error, MemoryError):
        note[0] = 1
    try:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        if sys.excepthook is sys.__excepthook__:
            # Not the built-in hook: it reads the source from the disk, which the program may have changed.
            traceback.print_exception(type(error), error, trace)
        else:
            sys.excepthook(type(error), error, trace)
    except MemoryError:
        error.__traceback__ = trace = None
        note[0] = 1
        os.write(2, b"MemoryError\n")
    return 128 + signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1


def exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def finish(status):
    """What the interpreter does at its end, in its order, without tearing down every module."""
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        status = status or 120
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # There is no other place to say it; the interpreter is silent here too.
    return status


def run_program(source, note):
    """Runs the source as `__main__`; returns the exit status."""
    module = new_main()
    try:
        lines = source.decode("utf-8", "replace").splitlines(keepends=True)
        linecache.cache[PROGRAM] = (len(source), None, lines, PROGRAM)
        exec(compile(source, PROGRAM, "exec", dont_inherit=True), module.__dict__)
        status = 0
    except BaseException as error:
        status = report_exception(error, note)
    try:
        return finish(status)
    except BaseException as error:
        return report_exception(error, note)


TROUBLE = 3


def child(request, setup, pipes, note):
    """Everything between fork and the program's end. Never returns."""
    status = 70
    try:
        os.setsid()
        for number, descriptor in enumerate(pipes):
            os.dup2(descriptor, number)
        # The control pipes go here; from now on there is no way to speak in the sandbox's name.
        os.closerange(TROUBLE + 1, os.sysconf("SC_OPEN_MAX"))
        source = request["source"].encode("utf-8")
        os.chdir(SCRATCH)
        with open(PROGRAM, "wb") as file:
            file.write(source)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        open_streams()
        set_limits(request, setup)
        # Closed before the program's first line: what comes out of it is our failure and cannot be the program's words.
        os.close(TROUBLE)
    except BaseException:
        os.write(TROUBLE, traceback.format_exc().encode("utf-8", "replace"))
        os._exit(status)
    try:
        status = run_program(source, note)
    except MemoryError:
        note[0] = 1
        status = 1
    finally:
        os._exit(status)


# --- the run, on our side --------------------------------------------------------------------------------------------


class Stream:
    """One output of the program: its head is kept, the rest counted."""

    def __init__(self, descriptor, keep_bytes):
        self.descriptor = descriptor
        self.keep_bytes = keep_bytes
        self.kept = bytearray()
        self.total = 0
        os.set_blocking(descriptor, False)

    def read(self):
        """Takes what is there; False at the end of the stream."""
        try:
            data = os.read(self.descriptor, CHUNK_BYTES)
        except BlockingIOError:
            return True
        self.total += len(data)
        self.kept += data[: self.keep_bytes - len(self.kept)]
        return bool(data)

    def drain(self):
        """Reads what is left in the pipe once no writer lives."""
        while self.total <= 4 * self.keep_bytes and self.read():
            pass

    @property
    def too_much(self):
        return self.total > 4 * self.keep_bytes


class Feed:
    """The program's standard input, written as far as the pipe takes it."""

    def __init__(self, descriptor, text):
        self.descriptor = descriptor
        self.rest = memoryview(text.encode("utf-8"))
        os.set_blocking(descriptor, False)

    def write(self):
        """False when all is written or nobody reads any more."""
        try:
            self.rest = self.rest[os.write(self.descriptor, self.rest[:CHUNK_BYTES]) :]
        except BlockingIOError:
            return True
        except BrokenPipeError:
            return False
        return len(self.rest) > 0


class Run:
    """One program: started, watched, stopped with everything it started."""

    def __init__(self, request, setup, note, control):
        self.began = time.monotonic()
        self.request = request
        self.control = control
        inner, outer = self.make_pipes()
        self.trouble = outer.pop()
        self.pid = os.fork()
        if self.pid == 0:
            child(request, setup, inner, note)
        for descriptor in inner:
            os.close(descriptor)
        self.outer = outer
        self.feed = Feed(outer[0], request["stdin"])
        self.out = Stream(outer[1], request["outputBytes"])
        self.err = Stream(outer[2], request["outputBytes"])
        self.exit = os.pidfd_open(self.pid)

    @staticmethod
    def make_pipes():
        stdin, feed = os.pipe()
        out, stdout = os.pipe()
        err, stderr = os.pipe()
        trouble, say = os.pipe()
        return (stdin, stdout, stderr, say), [feed, out, err, trouble]

    def watch(self):
        """Moves bytes until the program ends or must be stopped; returns why it stopped, or None at its own end."""
        poll = select.poll()
        for descriptor in (self.out.descriptor, self.err.descriptor, self.exit, self.control.descriptor):
            poll.register(descriptor, select.POLLIN)
        self.feed_to(poll, first=True)
        deadline = self.began + self.request["timeoutMs"] / 1000
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return "timed-out"
            for descriptor, _ in poll.poll(left * 1000 + 1):
                if descriptor == self.exit:
                    return None
                if descriptor == self.control.descriptor:
                    self.control.read()  # The only message during a run is "stop"; at the end of input it exits.
                    return "stopped"
                if descriptor == self.feed.descriptor:
                    self.feed_to(poll)
                    continue
                stream = self.out if descriptor == self.out.descriptor else self.err
                if not stream.read():
                    poll.unregister(descriptor)
                if stream.too_much:
                    return "output-limit"

    def feed_to(self, poll, first=False):
        if self.feed.rest and self.feed.write():
            if first:
                poll.register(self.feed.descriptor, select.POLLOUT)
            return
        if not first:
            poll.unregister(self.feed.descriptor)
        os.close(self.feed.descriptor)
        self.outer.remove(self.feed.descriptor)
        self.feed.descriptor = -1

    def stop(self):
        """Ends every process of the namespace but us, and waits until each is gone; returns the program's status."""
        try:
            os.kill(-1, signal.SIGKILL)  # One sweep under the kernel's task lock: a fork bomb cannot outrun it.
        except ProcessLookupError:
            pass  # It was alone and is gone.
        status = 0
        while True:
            try:
                pid, ended = os.waitpid(-1, 0)
            except ChildProcessError:
                return status
            if pid == self.pid:
                status = ended

    def result(self, note):
        """Runs to the end; returns the answer's fields and the two kept outputs."""
        stopped = self.watch()
        ended = self.stop()
        status = os.waitstatus_to_exitcode(ended) if stopped is None else None
        for stream in (self.out, self.err):
            stream.drain()
        trouble = os.read(self.trouble, CHUNK_BYTES)
        for descriptor in (*self.outer, self.trouble, self.exit):
            os.close(descriptor)
        outcome = stopped or "finished"
        if outcome == "finished" and (self.out.too_much or self.err.too_much):
            outcome, status = "output-limit", None
        if outcome == "finished" and note[0] == 1:
            outcome = "out-of-memory"
        answer = {
            "outcome": outcome,
            "exitCode": status if status is None or status >= 0 else 128 - status,
            "stdoutBytes": len(self.out.kept),
            "stderrBytes": len(self.err.kept),
            "stdoutTotal": self.out.total,
            "stderrTotal": self.err.total,
            "trouble": trouble.decode("utf-8", "replace"),
        }
        return answer, bytes(self.out.kept), bytes(self.err.kept)


def empty(root):
    """Removes everything below `root`, however deep and whatever its permissions, and what clings to `root` itself."""
    os.chmod(root, 0o700)
    for name in os.listxattr(root, follow_symlinks=False):
        os.removexattr(root, name, follow_symlinks=False)
    moved = 0
    while True:
        entries = list(os.scandir(root))
        if not entries:
            break
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            # Depth is unbounded, paths are not: inner directories are lifted to the top, one level a round.
            for inner in list(os.scandir(entry.path)):
                if not inner.is_dir(follow_symlinks=False):
                    os.unlink(inner.path)
                    continue
                os.chmod(inner.path, 0o700)
                while os.path.lexists(f"{root}/{moved}"):
                    moved += 1
                os.rename(inner.path, f"{root}/{moved}")
            os.rmdir(entry.path)
    os.utime(root, (0, 0))


# --- serving ---------------------------------------------------------------------------------------------------------


class Control:
    """The pipes to the host: requests in, answers out."""

    def __init__(self):
        # Moved away from 0 and 1, which then lead nowhere: a stray print must not end up among the answers.
        self.descriptor = os.dup(0)
        self.answers = os.dup(1)
        nowhere = os.open("/dev/null", os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 1)
        os.close(nowhere)

    def take(self, count):
        data = bytearray()
        while len(data) < count:
            piece = os.read(self.descriptor, count - len(data))
            if not piece:
                os._exit(0)  # The host is gone or has closed us; the kernel ends the whole namespace with process 1.
            data += piece
        return data

    def read(self):
        (length,) = struct.unpack(">I", self.take(4))
        return json.loads(self.take(length))

    def write(self, answer, *attachments):
        text = json.dumps(answer).encode()
        data = memoryview(b"".join([struct.pack(">I", len(text)), text, *attachments]))
        while data:
            data = data[os.write(self.answers, data) :]


def preload(names):
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # Not in this version of Python; the program would find that out by itself.
    sys.path[:] = [entry for entry in sys.path if entry not in ("", os.path.dirname(__file__))]


def count_on_few_cores(cores):
    """Pools size themselves by this number; the host's may be far above the process limit."""
    os.cpu_count = lambda: cores
    if hasattr(os, "process_cpu_count"):
        os.process_cpu_count = os.cpu_count


def main():
    control = Control()
    setup = control.read()
    confine(setup)
    preload(setup["preload"])
    count_on_few_cores(setup["cores"])
    # One page that parent and child share: where a run says that its memory ran out. Wiped before each run.
    note = mmap.mmap(-1, mmap.PAGESIZE)
    blank = bytes(mmap.PAGESIZE)
    gc.collect()
    gc.freeze()
    control.write({"ready": True, "python": "{}.{}.{}".format(*sys.version_info)})
    while True:
        request = control.read()
        if "source" not in request:
            continue  # A "stop" that crossed the answer it was meant for.
        note[:] = blank
        answer, out, err = Run(request, setup, note, control).result(note)
        for directory in (SCRATCH, SHARED_MEMORY):
            empty(directory)
        control.write(answer, out, err)


main()
