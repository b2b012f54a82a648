"""Serve a rival on a free port: python -m bench.serve MODULE [--log] [--bare] [option=value ...]

MODULE has the WSGI application as `app`. The options are waitress's, as text. Prints the URL, ends at SIGTERM.
The server is the cloud's (cloud/oslo/service). --log: with request ids and an access log, as one usually gets them.
--bare: waitress as it comes; and nothing is imported that the rival does not need, for its time to the first answer
counts.
"""

import logging
import signal
import sys
from importlib import import_module

import waitress


def main(module, *arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logging.getLogger('waitress.queue').setLevel(logging.ERROR)  # as server.py has it
    app = import_module(module).app
    options = dict(argument.split('=') for argument in arguments if '=' in argument)
    server = waitress.create_server(with_log(app) if '--log' in arguments else app, **options)
    if '--bare' not in arguments:
        server.channel_class = import_module('cloud.oslo.service.channel').Channel
    print(f'http://{server.effective_host}:{server.effective_port}', flush=True)
    server.run()


def with_log(app):
    from bench.rivals.usual_log import with_ids_and_log

    logging.basicConfig(format='%(message)s', level=logging.INFO)
    return with_ids_and_log(app)


if __name__ == '__main__':
    main(*sys.argv[1:])
