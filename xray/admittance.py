"""Who may see the X-ray: programs and pages of this machine, and no page from elsewhere that a browser here shows.

    a peer that is not on loopback, or comes through a proxy    403
    a Host that is no name of this machine (DNS rebinding)      403
    a POST from another origin, or not in JSON                  403, 415

Use: check(environ) raises Refusal
Real: none
"""

import ipaddress
import re
from urllib.parse import urlsplit

# The server takes headers away that only a proxy it trusts may send; it leaves a note of its own that they were there.
PROXIES = ('toycloud.through_proxy', 'HTTP_X_FORWARDED_FOR', 'HTTP_FORWARDED', 'HTTP_X_REAL_IP', 'HTTP_VIA')


class Refusal(Exception):
    """The answer is this status and message."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def check(environ):
    if not is_loopback(environ.get('REMOTE_ADDR', '')) or any(name in environ for name in PROXIES):
        raise Refusal(403, 'The X-ray shows itself on its own machine only, without a proxy.')
    host = environ.get('HTTP_HOST', '')
    if not is_this_machine(host):
        raise Refusal(403, 'The Host is no name of this machine: ask for http://127.0.0.1 or http://localhost.')
    origin = environ.get('HTTP_ORIGIN')
    if origin is not None and origin != f'{environ["wsgi.url_scheme"]}://{host}':
        raise Refusal(403, 'A page from elsewhere may neither read nor send here.')
    site, mode = environ.get('HTTP_SEC_FETCH_SITE', 'none'), environ.get('HTTP_SEC_FETCH_MODE', 'navigate')
    if site not in ('none', 'same-origin') and (mode != 'navigate' or environ['REQUEST_METHOD'] == 'POST'):
        raise Refusal(403, 'A page from elsewhere may neither read nor send here.')
    if environ['REQUEST_METHOD'] == 'POST' and environ.get('CONTENT_TYPE', '').split(';')[0] != 'application/json':
        raise Refusal(415, 'Send JSON, with the header Content-Type: application/json.')


def is_loopback(address):
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_this_machine(host):
    if not re.fullmatch(r'[\w.\-:\[\]]+', host, re.ASCII):  # a name and a port: nothing that makes a URL of it
        return False
    try:
        name = urlsplit(f'//{host}').hostname or ''
    except ValueError:
        return False
    return name == 'localhost' or is_loopback(name)
