"""Runs one program inside Pyodide the way `python3 /tmp/main.py` would. Part of the memory snapshot.

Nothing here keeps a hostile program in: that is the work of Deno's permissions and of the host (see deno-pyodide.ts).
What is taken away below (js, pyodide_js, the shell) is taken away so that honest programs get a clear error.
"""

import asyncio
import asyncio.base_events
import atexit
import bisect
import collections
import decimal
import errno
import fractions
import functools
import gc
import heapq
import itertools
import json
import linecache
import math
import os
import posix
import random
import re
import string
import sys
import time
import traceback
import types

HERE = '<sandbox>'
PROGRAM = '/tmp/main.py'
FOLDERS = ('/', '/tmp', '/home', '/home/pyodide', '/dev', '/dev/shm', '/proc', '/lib')
OUT_OF_MEMORY = 256
FRAMES_SHOWN = 100
BRIDGES = ('js', 'pyodide_js', 'pyodide', '_pyodide', '_pyodide_core', 'micropip')

exit_hooks = []


class Sleeper:
    """Stands where an event loop expects its selector: there are no sockets here, so waiting is sleeping."""

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError('every task waits for something that cannot come: there is no input to wait for here')
        if timeout > 0:
            time.sleep(timeout)
        return []

    def get_map(self):
        return {}


class Loop(asyncio.base_events.BaseEventLoop):
    """An event loop of timers and callbacks. Pyodide's own needs JavaScript and an asynchronous entry."""

    def __init__(self):
        super().__init__()
        self._selector = Sleeper()

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


class LoopPolicy(asyncio.events._BaseDefaultEventLoopPolicy):
    _loop_factory = Loop


class Closed:
    """Answers for the modules that lead out of Python, so that an import fails plainly."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition('.')[0] in BRIDGES:
            raise ModuleNotFoundError(f'No module named {name!r}', name=name)
        return None


def no_shell(command):
    raise OSError(errno.ENOSYS, 'this sandbox has no shell and no other programs')


def settle():
    """Once, before the snapshot is taken: restores what Pyodide replaced in the standard library."""
    from pyodide import webloop

    asyncio.run = webloop._orig_run
    time.sleep = webloop._orig_sleep
    asyncio._set_running_loop(None)
    asyncio.events._set_event_loop_policy(LoopPolicy())
    os.system = posix.system = no_shell


def prepare():
    """Once in every process, after the snapshot is loaded and Pyodide has finished its own set-up."""
    importhook = sys.modules.get('_pyodide._importhook')
    importhook.REPODATA_PACKAGES_IMPORT_TO_PACKAGE_NAME = {}
    asyncio._set_running_loop(None)
    for name in [name for name in sys.modules if name.partition('.')[0] in BRIDGES]:
        del sys.modules[name]
    sys.meta_path[:] = [finder for finder in sys.meta_path if '_pyodide' not in getattr(type(finder), '__module__', '')]
    sys.meta_path[:] = [finder for finder in sys.meta_path if '_pyodide' not in getattr(finder, '__module__', '')]
    sys.meta_path.insert(0, Closed)
    sys.excepthook = sys.__excepthook__
    sys.path[:] = ['/tmp'] + [place for place in sys.path if place]
    sys.argv[:] = [PROGRAM]
    sys.executable = ''
    os.environ.clear()
    os.environ.update(HOME='/tmp', LANG='C.UTF-8', PATH='/usr/bin')
    os.makedirs('/tmp', exist_ok=True)
    os.chdir('/tmp')
    # All of it is the guest's own memory; but a write to a system folder should fail here as it does elsewhere.
    for place in FOLDERS:
        os.chmod(place, 0o777 if place in ('/tmp', '/dev/shm') else 0o555)
    # The source of randomness is loaded on first use, from what the guest is about to take away.
    random.seed()
    # The first call of anything in a fresh WebAssembly instance is slow: pay for the common path before a run waits.
    execute('import sys\nfor i in range(3): sys.stdout.write("")\ntry: {}[0]\nexcept KeyError: pass\n')
    gc.collect()


def run(source):
    """Runs the program; returns its exit status, plus OUT_OF_MEMORY when it ended by an uncaught MemoryError."""
    random.seed()
    sys.stdin.reconfigure(encoding='utf-8', errors='surrogateescape')
    sys.stdout.reconfigure(encoding='utf-8', errors='surrogateescape', line_buffering=True)
    sys.stderr.reconfigure(encoding='utf-8', errors='backslashreplace', line_buffering=True)
    status = execute(source)
    if status & OUT_OF_MEMORY:
        gc.collect()
    try:
        atexit._run_exitfuncs()
    except BaseException as error:
        show(error)
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except BaseException:
            # A stream that the program closed or replaced: CPython ends with 120 here when nothing else went wrong.
            status = status or 120
    return status


def execute(source):
    with open(PROGRAM, 'w', encoding='utf-8', errors='surrogatepass') as file:
        file.write(source)
    # The file system is built at boot: without this a program could tell from its times how long its process waited.
    for place in FOLDERS:
        os.utime(place, (0, 0))
    linecache.clearcache()
    module = types.ModuleType('__main__')
    module.__file__ = PROGRAM
    module.__builtins__ = sys.modules['builtins']
    sys.modules['__main__'] = module
    try:
        exec(compile(source, PROGRAM, 'exec', dont_inherit=True), module.__dict__)
    except SystemExit as ending:
        return exit_status(ending.code)
    except BaseException as error:
        return show(error)
    return 0


def exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def show(error):
    """Prints the traceback without our own frames."""
    # A 32-bit interpreter says OverflowError where a 64-bit one would have run out of memory.
    too_big = isinstance(error, OverflowError) and 'index-sized integer' in str(error)
    status = 1 | OUT_OF_MEMORY if too_big or isinstance(error, MemoryError) else 1
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename == HERE:
        frames = frames.tb_next
    try:
        sys.stdout.flush()
        if sys.excepthook is sys.__excepthook__:
            depth = sum(1 for _ in traceback.walk_tb(frames))
            # Formatting is slow here: a runaway recursion would spend seconds on frames that nobody reads.
            if depth > FRAMES_SHOWN:
                print(f'({depth - FRAMES_SHOWN} outer calls are left out)', file=sys.stderr)
            traceback.print_exception(type(error), error, frames, limit=-FRAMES_SHOWN)
        else:
            sys.excepthook(type(error), error, frames)
    except BaseException:
        # No memory left for a traceback, or the program's own hook broke: the bare name must do.
        error.__traceback__ = frames = None
        os.write(2, f'{type(error).__name__}\n'.encode())
    return status
