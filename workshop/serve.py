"""One service of a student's cloud: served as server.py does, with each request noted in a journal.

Use: python -m workshop.serve SERVICE INI PORT JOURNAL    (workshop/cloud.py does)
It ends when its standard input is closed, so that none outlives whoever started it, however that one ends.
"""

import contextlib
import logging
import os
import signal
import sys
import threading
import time

import server
from workshop.explain import explain
from workshop.recorder import STEPS, Recorder


def main(service, ini, port, journal):
    threading.Thread(target=end_with_input, daemon=True).start()
    server.log_to_stderr(verbose=True)
    logging.getLogger().addHandler(STEPS)
    with told(ini):
        app = server.load_app(ini, verbose=True)
        serving = server.Server(ini, port=int(port))
    print(serving.url, flush=True)
    with told(ini, but=SystemExit):  # which is how a server ends that was told to
        serving(Recorder(app, service, journal))


@contextlib.contextmanager
def told(ini, but=()):
    """End with one line that says what went wrong in the student's files, or in the ini."""
    try:
        yield
    except but:
        raise
    except BaseException as error:
        # The student's folder is the first one that Python was told to look in.
        sys.exit(explain(error, os.environ['PYTHONPATH'].split(os.pathsep)[0], ini))


def end_with_input():
    while os.read(0, 1024):  # not sys.stdin, whose lock would be held while Python ends
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(3)  # for requests under way
    os._exit(0)


if __name__ == '__main__':
    main(*sys.argv[1:])
