"""Another web server, from which images are copied: /SEED/SIZE answers so many bytes, which follow from the seed."""

import http.server
import threading
from random import Random


class Source:
    """Use it in a with statement. url: where it listens."""

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_port}'

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc_info):
        self.server.shutdown()
        self.server.server_close()


def data_of(seed, size):
    return Random(seed).randbytes(size)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_data(with_body=False)

    def do_GET(self):
        self.send_data(with_body=True)

    def send_data(self, with_body):
        seed, size = map(int, self.path.strip('/').split('/'))
        self.send_response(200)
        self.send_header('Content-Length', str(size))
        self.end_headers()
        if with_body:
            try:
                self.wfile.write(data_of(seed, size))
            except OSError:  # the service was killed
                self.close_connection = True

    def log_message(self, *arguments):
        """Nothing: our own lines are elsewhere."""
