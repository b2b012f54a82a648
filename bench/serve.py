"""Serve a rival with waitress on a free port: python -m bench.serve MODULE [option=value ...]

MODULE has the WSGI application as `app`. The options are waitress's, as text. Prints the URL, ends at SIGTERM.
Imports nothing that the rival does not need, for its time to the first answer counts.
"""

import logging
import signal
import sys
from importlib import import_module

import waitress


def main(module, *options):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logging.getLogger('waitress.queue').setLevel(logging.ERROR)  # as server.py has it
    app = import_module(module).app
    server = waitress.create_server(app, **dict(option.split('=') for option in options))
    print(f'http://{server.effective_host}:{server.effective_port}', flush=True)
    server.run()


if __name__ == '__main__':
    main(*sys.argv[1:])
