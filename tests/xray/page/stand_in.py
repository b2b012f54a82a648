"""A stand-in for the filter: serves the page with recorded requests, for tests of the page alone and to look at it.

Use: .venv/bin/python -m tests.xray.page.stand_in 21100, then open http://127.0.0.1:21100/xray/
"""

import contextlib
import json
import mimetypes
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.servers import ROOT
from tests.xray.page.stories import HOUSE, long, stories

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
REQUESTS = stories()
LONG = long(1000)
REQUESTS[LONG['id']] = LONG


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        match url.path.removeprefix('/xray/').split('/'):
            case ['']:
                self.send_file('index.html')
            case ['page', name]:
                self.send_file(name)
            case ['requests']:
                summaries = [
                    {k: v for k, v in each.items() if k not in ('steps', 'request', 'response')}
                    for each in REQUESTS.values()
                ]
                self.send_json({'requests': summaries[::-1]})
            case ['requests', number]:
                self.send_json(REQUESTS[number])
            case ['requests', number, 'curl']:
                self.send_json(
                    {'curl': f"curl -H 'X-Auth-Token: $TOKEN' http://127.0.0.1:8080{REQUESTS[number]['path']}"}
                )
            case ['requests', number, 'explain']:
                self.send_json(explain(REQUESTS[number]))
            case ['house']:
                self.send_json(HOUSE)
            case ['source']:
                self.send_json(source(query['file'], int(query['line'])))
            case ['diff']:
                self.send_json(diff(REQUESTS[query['left']], REQUESTS[query['right']]))
            case ['export']:
                self.send_json({'xray': 1, 'requests': [REQUESTS[each] for each in query['ids'].split(',')]})
            case _:
                self.send_json({'error': {'code': 404, 'message': 'There is nothing here.'}}, 404)

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        match self.path:
            case '/xray/import':
                REQUESTS.update({each['id']: each for each in sent['requests']})
                self.send_json({'imported': len(sent['requests'])})
            case '/xray/replay':
                self.send_json({'id': list(REQUESTS)[0], 'status': 200})
            case '/xray/playground':
                refused = list(REQUESTS)[1]
                self.send_json({'id': refused, 'status': 403, 'error': None})

    def send_file(self, name):
        kind = mimetypes.guess_type(name)[0] or 'text/plain'
        self.answer((ROOT / 'xray' / 'page' / name).read_bytes(), kind)

    def send_json(self, document, status=200):
        self.answer(json.dumps(document).encode(), 'application/json', status)

    def answer(self, body, kind, status=200):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Security-Policy', POLICY)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def explain(request):
    return {
        'status': request['status'], 'layer': request['refused_by'], 'rule': request['refusal'], 'where': {'file': 'auth.py', 'line': 42},
        'decided_by': 'token in [filter:auth] of configure.ini', 'sent': 'no X-Auth-Token', 'would_pass': 'X-Auth-Token: open-sesame',
        'words': ['The filter auth stands before the application, and answers for it.', 'It found no X-Auth-Token in the request.'],
    }  # fmt: skip


def source(file, line):
    file = file if (ROOT / file).exists() else 'cloud/glance/gateway.py'
    lines = (ROOT / file).read_text().splitlines()
    first = max(1, line - 8)
    return {'file': file, 'first': first, 'line': line, 'lines': lines[first - 1 : line + 10]}


def diff(left, right):
    pairs, first = [], None
    for n in range(max(len(left['steps']), len(right['steps']))):
        pair = [n if n < len(each['steps']) else None for each in (left, right)]
        labels = [each['steps'][n]['label'] if n < len(each['steps']) else None for each in (left, right)]
        pairs.append(pair)
        if first is None and labels[0] != labels[1]:
            first = {'left': pair[0], 'right': pair[1]}
    return {'first_difference': first, 'pairs': pairs}


@contextlib.contextmanager
def running():
    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f'http://127.0.0.1:{server.server_port}'
    server.shutdown()
    thread.join()
    server.server_close()


if __name__ == '__main__':
    ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
