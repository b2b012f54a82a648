"""One request, and what its answer means: done, not done, or nobody knows.

    2xx                             done
    4xx, or nobody listened         not done
    503, or the connection ended    it may be done, now or in a moment, or never

A 5xx that is no 503, a 503 that does not say why, and no answer within a minute are findings.
"""

import json
import time
from typing import NamedTuple

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, TimeoutError

TIMEOUT = urllib3.Timeout(connect=20, read=60)
REFUSED, CUT, SILENT = 'refused', 'cut', 'silent'


class Answer(NamedTuple):
    """status: a number, or one of REFUSED, CUT and SILENT; body: bytes."""

    status: object
    headers: dict = {}
    body: bytes = b''

    @property
    def is_done(self):
        return isinstance(self.status, int) and self.status < 300

    @property
    def is_not_done(self):
        return self.status == REFUSED or self.is_denied

    @property
    def is_denied(self):
        return isinstance(self.status, int) and 300 <= self.status < 500

    @property
    def is_unknown(self):
        return not (self.is_done or self.is_not_done)

    def json(self):
        return json.loads(self.body)


class Client:
    """Asks the services, for any number of threads. tell(operation): called when one begins."""

    def __init__(self, services, report):
        self.services, self.report = services, report
        self.tell = lambda operation: None
        self.pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=TIMEOUT)

    def ask(self, operation, service, method, path, token, body=None, **headers):
        """The Answer. operation: its name in the report; body: bytes, or what becomes JSON; headers: with _ for -."""
        sent = {'X-Auth-Token': token, **{name.replace('_', '-'): value for name, value in headers.items()}}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault('Content-Type', 'application/json')
        self.tell(operation)
        started = time.monotonic()
        answer = self.exchange(method, self.services[service].url + path, body, sent)
        about = f'{path} {headers} {body[:200] if body and body[:1] == b"{" else ""}'
        self.report.answered(operation, answer.status, time.monotonic() - started, about)
        if is_fault(method, answer):
            words = answer.body[:300].decode(errors='replace')
            text = f'{operation}: {method} {path} {sent} {(body or b"")[:200]!r} -> {answer.status} {words}'
            self.report.found('5xx' if answer.status != SILENT else 'no answer', text)
        return answer

    def exchange(self, method, url, body, headers):
        try:
            response = self.pool.request(method, url, body=body, headers=headers)
        except NewConnectionError:
            return Answer(REFUSED)
        except TimeoutError:
            return Answer(SILENT)
        except (HTTPError, OSError):
            return Answer(CUT)
        return Answer(response.status, response.headers, response.data)


def is_fault(method, answer):
    if answer.status == SILENT:
        return True
    if not isinstance(answer.status, int) or answer.status < 500:
        return False
    return answer.status != 503 or method != 'HEAD' and not answer.body.strip()
