"""The warm process of tests/warm.py: imports, then forks for each request, and is itself never anything else.

Use: python -m tests.warm_parent REQUESTS ASKS LIBRARY...    (tests/warm.py does)
The first two are the numbers of sockets: where it hears requests, and where its children make their own.
It ends when its standard input is closed.
Real: none
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import resource
import runpy
import select
import signal
import socket
import sys
import threading

import workshop.check
import workshop.cloud
from tests import warm


def main(requests, asks, *libraries):
    """Returns in each new process, with what to run there."""
    requests, asks = (socket.socket(fileno=int(number)) for number in (requests, asks))
    for each in (requests, asks):
        each.set_inheritable(False)
    warm.requests = lambda: asks
    for name in libraries:
        importlib.import_module(name)
    for module in (workshop.check, workshop.cloud):  # what a process of the workshop starts, is warm, too
        module.subprocess = warm.SUBPROCESS
    gc.collect()
    gc.freeze()  # so that no collection in a child copies the pages of what is here already
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are not waited for
    while requests in select.select([requests, sys.stdin], [], [])[0]:
        message, descriptors, _, _ = socket.recv_fds(requests, 1 << 20, 4)
        if os.fork() == 0:
            requests.close()
            return keep(socket.socket(fileno=descriptors[0]), descriptors[1:], json.loads(message))
        for descriptor in descriptors:
            os.close(descriptor)
    os._exit(0)


def keep(asker, streams, asked):
    """Fork again. The parent says what becomes of the child, and ends with whoever asked; in the child it returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        asker.close()
        return become(streams, asked)
    for descriptor in (0, *streams):
        os.close(descriptor)
    tell(asker, pid)
    threading.Thread(target=end_with, args=[asker], daemon=True).start()
    tell(asker, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    os._exit(0)


def tell(asker, number):
    with contextlib.suppress(OSError):  # it no longer listens
        asker.sendall(number.to_bytes(4, 'big', signed=True))


def end_with(asker):
    asker.recv(1)  # which says nothing: this is its end
    os._exit(0)


def become(streams, asked):
    """Be what `python ARGUMENTS` is before it begins; returns the arguments."""
    if asked['start_new_session']:
        os.setsid()
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(asked['cwd'])
    resource.setrlimit(resource.RLIMIT_NOFILE, asked['open_files'])
    os.environ.clear()
    os.environ.update(asked['environ'])
    sys.stdout.reconfigure(line_buffering=bool(asked['environ'].get('PYTHONUNBUFFERED')))
    sys.dont_write_bytecode = bool(asked['environ'].get('PYTHONDONTWRITEBYTECODE'))
    return asked['arguments']


class Ending:
    """Ends a process where Python has only its memory left to free, for which all the shared pages would be copied."""

    status = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if error is not None:
            code = error.code if kind is SystemExit else 1
            self.status = code if isinstance(code, int) else int(code is not None)

    def now(self):
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):  # whoever read it is gone, or it is closed
                stream.flush()
        os._exit(self.status & 255)


def run(arguments):
    """Of the arguments of Python, those that the tests use."""
    paths = os.environ.get('PYTHONPATH')
    paths = paths.split(os.pathsep) if paths else []
    if arguments[0] == '-m':
        sys.argv, sys.path[:1] = arguments[1:], [os.getcwd(), *paths]
        sys.modules.pop(sys.argv[0], None)
        runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)
    else:
        sys.argv, sys.path[:1] = arguments, [os.path.dirname(arguments[0]), *paths]
        runpy.run_path(sys.argv[0], run_name='__main__')


if __name__ == '__main__':
    ending = Ending()
    atexit.register(ending.now)  # first, and so it is called last
    with ending:
        run(main(*sys.argv[1:]))
