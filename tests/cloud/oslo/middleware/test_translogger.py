"""The line is Paste's, byte for byte."""

import logging
import time
from urllib.parse import quote

import pytest
from paste import translogger

from cloud.oslo.middleware.translogger import TransLogger, written

LEAST = {'REQUEST_METHOD': 'GET', 'SERVER_PROTOCOL': 'HTTP/1.1', 'PATH_INFO': '/instances'}
JSON = ('Content-Type', 'application/json')
LENGTH = ('CONTENT-length', '183')


def lines(caplog, app, environ):
    """What Paste's TransLogger logs of a request, and what ours does."""
    with caplog.at_level(logging.INFO, 'wsgi'):
        for filtered in (translogger.TransLogger(app, setup_console_handler=False), TransLogger(app)):
            filtered(dict(environ), lambda *head: None)
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize('environ', [
    {},
    {'REMOTE_ADDR': '192.0.2.7', 'REMOTE_USER': 'alice', 'HTTP_USER_AGENT': 'curl/7.38.0', 'HTTP_REFERER': 'http://x/'},
    {'REMOTE_ADDR': '192.0.2.7', 'HTTP_X_FORWARDED_FOR': '198.51.100.1, 198.51.100.2'},
    {'REMOTE_ADDR': '', 'REMOTE_USER': '', 'HTTP_X_FORWARDED_FOR': '', 'HTTP_USER_AGENT': '', 'HTTP_REFERER': ''},
    {'SCRIPT_NAME': '/v2', 'QUERY_STRING': 'name=a%20b&limit=1', 'PATH_INFO': '/im ages/\xe4"\n%s'},
    {'REQUEST_METHOD': 'BR EW', 'SERVER_PROTOCOL': None, 'HTTP_USER_AGENT': '%s %(x)s {y} "\x1b[31m\n'},
])  # fmt: skip
@pytest.mark.parametrize(('status', 'headers'), [
    ('200 OK', [JSON, LENGTH]),
    ('404 Not Found', [JSON]),
    ('204 ', []),
    ('299', [LENGTH, ('content-length', '')]),
])  # fmt: skip
def test_the_line_is_that_of_pastes_translogger(caplog, monkeypatch, environ, status, headers):
    now = time.localtime()
    monkeypatch.setattr(time, 'localtime', lambda: now)

    def app(environ, start_response):
        start_response(status, headers)
        return []

    theirs, ours = lines(caplog, app, {**LEAST, **environ})
    assert ours == theirs
    assert quote(environ.get('PATH_INFO', '/instances')) in ours


@pytest.mark.parametrize('zone', ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Kiritimati'])
@pytest.mark.parametrize('moment', [0, 1413451800, 1_700_000_000])
def test_the_moment_is_written_as_paste_does_in_every_time_zone(caplog, monkeypatch, zone, moment):
    monkeypatch.setenv('TZ', zone)
    time.tzset()
    written.cache_clear()
    try:
        start = time.localtime(moment)
        monkeypatch.setattr(time, 'localtime', lambda: start)
        theirs, ours = lines(caplog, lambda environ, start_response: start_response('200 OK', []), LEAST)
        assert ours == theirs
    finally:
        monkeypatch.undo()
        time.tzset()
        written.cache_clear()


def test_each_second_has_its_own_moment():
    assert written(time.gmtime(59)).startswith('01/Jan/1970:00:00:59 ')
    assert written(time.gmtime(60)).startswith('01/Jan/1970:00:01:00 ')
