"""The access log: one line for each request, in the format that Apache's servers call "combined".

    127.0.0.1 - - [16/Oct/2014:09:30:00 +0000] "GET /instances HTTP/1.1" 200 183 "-" "curl/7.38.0"

Paste's TransLogger, with its line put together in less time; the line is the same.
Use: app = TransLogger(app)
Real: Paste paste/translogger.py TransLogger; nova 2014.2 has eventlet's log instead (nova/wsgi.py Server)
"""

import functools
import time

from paste import translogger


class TransLogger(translogger.TransLogger):
    """WSGI filter: logs at INFO, as the logger `wsgi`."""

    def __init__(self, app):
        super().__init__(app, setup_console_handler=False)

    def write_log(self, environ, method, req_uri, start, status, bytes):
        """The parent calls this when the answer begins. start: a struct_time; bytes: text or None, its length."""
        get = environ.get
        address = get('HTTP_X_FORWARDED_FOR') or get('REMOTE_ADDR') or '-'
        user = get('REMOTE_USER') or '-'
        length = '-' if bytes is None else bytes
        self.logger.log(
            self.logging_level,
            f'{address} - {user} [{written(start)}] "{method} {req_uri} {get("SERVER_PROTOCOL")}" '
            f'{status.split(None, 1)[0]} {length} "{get("HTTP_REFERER", "-")}" "{get("HTTP_USER_AGENT", "-")}"',
        )


@functools.lru_cache(maxsize=8)
def written(moment):
    """The moment (a struct_time) as the line has it. All requests of a second share one."""
    west = time.altzone if time.daylight else time.timezone  # seconds; Paste takes the summer's wherever there is one
    return time.strftime('%d/%b/%Y:%H:%M:%S', moment) + f' {int(west / 60 / 60 * -100):+05d}'
