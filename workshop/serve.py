"""One service of a student's cloud: served as server.py does, with each request noted in a journal.

Use: python -m workshop.serve SERVICE INI PORT JOURNAL FOLDER [XRAY]    (workshop/cloud.py does)
XRAY: a folder for what the X-ray records; without it there is none.
The student's modules, which are in FOLDER, come first; what is imported here already stays what it is. What they print
goes to the log.
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
from cloud.oslo.log import log
from cloud.oslo.service.wsgi import Server
from workshop import heed_signals
from workshop.explain import explain
from workshop.limits import MEMORY, limit
from workshop.recorder import STEPS, Recorder
from xray.filter import in_front


def main(service, ini, port, journal, folder, xray=None):
    heed_signals()
    told_to = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    sys.path.insert(0, folder)
    limit(MEMORY)
    threading.Thread(target=end_with_input, daemon=True).start()
    log.setup(verbose=True)
    logging.getLogger().addHandler(STEPS)
    with told(folder, ini):
        serving = Server(ini, port=int(port))
        app = server.load_app(ini, verbose=True)
        if xray:
            app.app = in_front(app.app, service, ini, xray)
    print(serving.url, file=told_to, flush=True)
    with told(folder, ini, but=SystemExit):  # which is how a server ends that was told to
        serving(Recorder(app, service, journal))


@contextlib.contextmanager
def told(folder, ini, but=()):
    """End with one line that says what went wrong in the student's files, or in the ini."""
    try:
        yield
    except but:
        raise
    except BaseException as error:
        sys.exit(explain(error, folder, ini))


def end_with_input():
    while os.read(0, 1024):  # not sys.stdin, whose lock would be held while Python ends
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(3)  # for requests under way
    os._exit(0)


if __name__ == '__main__':
    main(*sys.argv[1:])
