"""Serve moto as its command moto_server does, on a free port: python -m bench.serve_moto

Prints the URL, ends at SIGTERM.
"""

import signal
import sys

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    server = make_server('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    print(f'http://127.0.0.1:{server.server_port}', flush=True)
    server.serve_forever()


if __name__ == '__main__':
    main()
