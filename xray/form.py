"""A recorded request as the page, the terminal and an exported file have it: dicts and lists of plain data, masked.

    SUMMARY  id, service, method, path, query, status, user, tenant, started, duration_us, refused_by, refusal, ...
    STEP     n, parent, depth, name, file, line, landmark, label, arguments, result, changed, sql, http, ...

Use: exchange.summary() -> SUMMARY;  exchange.document() -> SUMMARY with request, response, steps
Real: none
"""

import datetime
import time

from xray.bodies import shown_body, texts_of_secrets
from xray.landmarks import real_of
from xray.masking import MASK, Mask, is_secret, masked_query, secrets_in, secrets_in_query
from xray.refusal import filter_name, place_of, refusing_step, rule_of, word_of
from xray.safe import message_of, tell

MAX_KEPT = 65536  # bytes of a body that are kept until it is shown


class Exchange:
    """A request and its answer, as they are recorded. body, answer: bytes as far as they are kept, or a note (text)."""

    def __init__(self, request_id, environ, recording, names=None):
        self.id, self.recording, self.names = request_id, recording, names or {}
        self.moment = time.time()
        self.number = time.time_ns()
        self.global_id = environ.get('openstack.global_request_id') or request_id
        self.method, self.query = environ['REQUEST_METHOD'], environ.get('QUERY_STRING', '')
        self.path = environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', '')
        self.environ = dict(environ)
        self.body = self.answer = None
        self.status, self.headers = None, []
        self.end = None
        self.error = None
        self.kept, self.size = [], 0
        self.refused, self.playground = None, False

    def keep(self, pieces):
        """Pieces of the answer's body, as long as they are few and short."""
        for piece in pieces:
            self.size += len(piece)
            if self.size <= MAX_KEPT:
                self.kept.append(piece)

    def finish(self, error=None):
        recording, root = self.recording, self.recording.root
        self.end = root.end = time.perf_counter_ns()
        if self.size:
            self.answer = b''.join(self.kept) if self.size <= MAX_KEPT else f'<{self.size} bytes>'
        if error is not None:
            root.error = {'type': type(error).__name__, 'message': message_of(error)}
            self.status = self.status or 500
        if self.status is not None and self.status >= 400:
            self.refused = refusing_step(recording, self.answer)

    def summary(self):
        environ = self.recording.heads.environ or self.environ
        steps = self.recording.steps
        mask = self.mask()
        return {
            'id': self.id,
            'global_id': self.global_id,
            'service': self.recording.service,
            'method': self.method,
            'path': self.path,
            'query': mask(masked_query(self.query)),
            'status': self.status,
            'user': environ.get('HTTP_X_USER_ID') or None,
            'tenant': environ.get('HTTP_X_TENANT_ID') or environ.get('HTTP_X_PROJECT_ID') or None,
            'started': datetime.datetime.fromtimestamp(self.moment, datetime.timezone.utc).isoformat(),
            'duration_us': (self.end - self.recording.root.start) // 1000 if self.end else None,
            'refused_by': word_of(self.refused, self.names) if self.refused else None,
            'refusal': mask(rule_of(self.refused, self.answer)) if self.refused else None,
            'parent': self.global_id if self.global_id != self.id else None,
            'children': [step.http['request_id'] for step in list(steps) if step.http and step.http.get('request_id')],
            'steps_total': len(steps) + self.recording.left_out,
            'steps_left_out': self.recording.left_out,
            'playground': self.playground,
        }

    def document(self):
        mask = self.mask()
        request = {'headers': headers_of(self.environ), 'body': shown_body(self.body, self.environ.get('CONTENT_TYPE'))}
        types = [value for name, value in self.headers if name.lower() == 'content-type']
        response = {
            'headers': {name: MASK if is_secret(name) else value for name, value in self.headers},
            'body': shown_body(self.answer, *types[:1]),
        }
        return {
            **self.summary(),
            'where': place_of(self.refused, self.recording),
            'request': mask(request),
            'response': mask(response),
            'steps': mask(self.steps()),
        }

    def steps(self):
        start = self.recording.root.start
        numbers, depths, told = {}, {}, []
        for number, step in enumerate(list(self.recording.steps)):
            numbers[step] = number
            depths[step] = depths[step.parent] + 1 if step.parent in depths else 0
            told.append(form(step, number, numbers.get(step.parent), depths[step], self.recording.service, start))
            told[-1]['refused'] = step is self.refused
            if step.landmark == 'filter':
                told[-1]['label'] = f'filter {filter_name(step, self.names)}'
        return told

    def mask(self):
        types = [value for name, value in self.headers if name.lower() == 'content-type']
        secrets = secrets_of(self.environ) | texts_of_secrets(self.body, self.environ.get('CONTENT_TYPE'))
        secrets |= texts_of_secrets(self.answer, *types[:1]) | secrets_in_query(self.query)
        secrets |= self.recording.secrets | set(secret_arguments(self.recording.steps))
        return Mask(secrets | {value for name, value in self.headers if is_secret(name)})


def form(step, number, parent, depth, service, start):
    info = step.info
    return {
        'n': number,
        'parent': parent,
        'depth': depth,
        'service': service,
        'name': info.full_name if info else step.label,
        'module': info.module if info else None,
        'file': info.file if info else None,
        'line': info.line if info else None,
        'landmark': step.landmark,
        'label': step.label,
        'real': real_of(info.module) if info else None,
        'arguments': arguments_of(step),
        'result': None if step.result is None else tell(step.result),
        'changed': step.changed or {},
        'sql': step.sql,
        'http': step.http,
        'start_us': (step.start - start) // 1000,
        'duration_us': (step.end - step.start) // 1000 if step.end else None,
        'exception': step.error,
        'refused': False,
    }


def secret_arguments(steps):
    """The texts that were given to an argument, or went out in a query, with the name of a secret."""
    for step in list(steps):
        if step.http:
            yield from secrets_in_query(step.http['url'].partition('?')[2])
        if isinstance(step.arguments, list) and step.info:
            for name, value in zip(step.info.names, step.arguments):
                if type(value) is str and is_secret(name):
                    yield value
        for value in (step.result, *(step.arguments or ())):
            if type(value) is dict:
                yield from secrets_in(value)


def arguments_of(step):
    """{name: text}; what stands for *args is numbered."""
    if not step.arguments:
        return {}
    if isinstance(step.arguments, dict):
        return {name: tell(value) for name, value in step.arguments.items()}
    named = step.arguments[-1] if isinstance(step.arguments[-1], dict) else {}
    values = step.arguments[: len(step.arguments) - bool(named)]
    names = [*step.info.names, *(f'args[{number}]' for number in range(len(values)))]
    told = {**dict(zip(names, values)), **named}
    return {name: MASK if is_secret(name) else tell(value) for name, value in told.items()}


def headers_of(environ):
    """The request's headers, as they were sent but for what is secret."""
    sent = {name[5:]: value for name, value in environ.items() if name.startswith('HTTP_')}
    sent |= {name: environ[name] for name in ('CONTENT_TYPE', 'CONTENT_LENGTH') if environ.get(name)}
    sent = {name.replace('_', '-').title(): value for name, value in sent.items()}
    return {name: MASK if is_secret(name) else str(value) for name, value in sent.items()}


def secrets_of(environ):
    """Texts that came with the request and must not be kept, whatever they are called later."""
    names = ('HTTP_X_AUTH_TOKEN', 'HTTP_X_SERVICE_TOKEN', 'HTTP_X_SUBJECT_TOKEN', 'HTTP_AUTHORIZATION', 'HTTP_COOKIE')
    return {environ[name] for name in names if environ.get(name)}
