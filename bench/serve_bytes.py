"""Hash what is sent, and send one file's bytes, and nothing else: python -m bench.serve_bytes INI FILE

What the image service's transfers are compared with. Served by the [server:main] of the service's own ini, on a free
port, without the request ids and the access log of server.py. Prints the URL, ends at SIGTERM.
"""

import hashlib
import logging
import os
import sys

from cloud.oslo.service.wsgi import Server

CHUNK = 65536  # bytes read at once, as in the image service


class Bytes:
    """WSGI application: the answer to PUT is the body's MD5 in hex, to anything else the file."""

    def __init__(self, path):
        self.path = path

    def __call__(self, environ, start_response):
        answer = self.hash if environ['REQUEST_METHOD'] == 'PUT' else self.send
        length, body = answer(environ)
        start_response('200 OK', [('Content-Type', 'application/octet-stream'), ('Content-Length', str(length))])
        return body

    def hash(self, environ):
        checksum = hashlib.md5(usedforsecurity=False)
        while chunk := environ['wsgi.input'].read(CHUNK):
            checksum.update(chunk)
        return 32, [checksum.hexdigest().encode()]

    def send(self, environ):
        return os.path.getsize(self.path), environ['wsgi.file_wrapper'](open(self.path, 'rb'), CHUNK)


def main(config, path):
    logging.getLogger('waitress.queue').setLevel(logging.ERROR)  # as server.py has it
    server = Server(config, port=0)
    print(server.url, flush=True)
    server(Bytes(path))


if __name__ == '__main__':
    main(*sys.argv[1:])
