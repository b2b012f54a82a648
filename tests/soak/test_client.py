"""What an answer means, and which one nobody may get."""

import http.server
import threading
from types import SimpleNamespace

import pytest

from soak.client import CUT, REFUSED, SILENT, Answer, Client, is_fault
from soak.report import Report


@pytest.mark.parametrize('status', [200, 201, 204])
def test_a_success_is_done(status):
    answer = Answer(status)
    assert (answer.is_done, answer.is_not_done, answer.is_unknown) == (True, False, False)


@pytest.mark.parametrize('status', [403, 404, 409, REFUSED])
def test_a_refusal_is_not_done(status):
    answer = Answer(status)
    assert (answer.is_done, answer.is_not_done, answer.is_unknown) == (False, True, False)


@pytest.mark.parametrize('status', [500, 503, CUT, SILENT])
def test_of_all_else_nobody_knows(status):
    answer = Answer(status)
    assert (answer.is_done, answer.is_not_done, answer.is_unknown) == (False, False, True)


@pytest.mark.parametrize(
    ('method', 'status', 'body', 'wrong'),
    [
        ('GET', 200, b'', False),
        ('GET', 404, b'', False),
        ('GET', 503, b'The registry is away.', False),
        ('HEAD', 503, b'', False),
        ('GET', CUT, b'', False),
        ('GET', 503, b' ', True),
        ('GET', 500, b'Sorry.', True),
        ('GET', 502, b'Sorry.', True),
        ('GET', SILENT, b'', True),
    ],
)
def test_a_5xx_is_a_fault_unless_it_is_a_503_that_says_why(method, status, body, wrong):
    assert is_fault(method, Answer(status, {}, body)) is wrong


@pytest.fixture
def service():
    """A service that answers 500 to everything."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(500)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(url=f'http://127.0.0.1:{server.server_port}')
    server.shutdown()
    server.server_close()


def test_a_500_is_a_finding_with_the_request_and_the_story_of_the_image(service, capsys):
    report, image = Report(), '0a1f6a2c-98b6-4cb6-a6ae-6ee4b1f6b4b4'
    client = Client({'glance': service}, report)
    answer = client.ask('v2 show', 'glance', 'GET', f'/v2/images/{image}', 'alice-token', Accept='text/plain')
    report.killed('glance')
    client.pool.clear()
    assert answer.status == 500
    report.print()
    printed = capsys.readouterr().out
    assert f'v2 show: GET /v2/images/{image} ' in printed
    assert "'Accept': 'text/plain'" in printed
    assert 's: v2 show: 500' in printed
    assert 'kills: glance 1' in printed
    assert 'soak: see FOUND above' in printed


def test_where_nobody_listens_it_is_refused():
    report = Report()
    client = Client({'nova': SimpleNamespace(url='http://127.0.0.1:1')}, report)
    assert client.ask('nova list', 'nova', 'GET', '/instances', 'alice-token').status == REFUSED
    assert report.findings == {}
