"""Requests as one file, for another copy of the product, and as traces for other tools.

    export        {"xray": 1, "requests": [...]}    what take_in of any copy opens
    chrome        Chrome's trace format: Perfetto and chrome://tracing open it
    otlp          OpenTelemetry's OTLP in JSON: Jaeger opens it
Real: OpenTelemetry opentelemetry-proto 1.0 opentelemetry/proto/trace/v1/trace.proto; osprofiler's own export is HTML
"""

import datetime
import hashlib
import re

FORMAT = 1
MOST_REQUESTS, MOST_STEPS = 200, 10000
ID = re.compile(r'[\w-]{1,80}')
SUMMARY = {
    'id': str, 'service': str, 'method': str, 'path': str, 'query': str, 'status': int, 'started': str,
    'duration_us': int, 'steps_total': int, 'steps_left_out': int, 'steps': list, 'request': dict, 'response': dict,
}  # fmt: skip
OPTIONAL = ('global_id', 'user', 'tenant', 'refused_by', 'refusal', 'parent', 'children', 'where', 'playground')
STEP = {'n': int, 'depth': int, 'name': str, 'label': str, 'arguments': dict, 'changed': dict, 'start_us': int}
STEP_OPTIONAL = (
    'parent', 'service', 'module', 'file', 'line', 'landmark', 'real', 'result', 'sql', 'http', 'duration_us',
    'exception', 'refused',
)  # fmt: skip


class NotAnExport(ValueError):
    """The file is none; the message says what is wrong with it."""


def export(documents):
    return {'xray': FORMAT, 'requests': documents}


def read(document):
    """The requests of an exported file, as far as they are known here; NotAnExport."""
    if document.get('xray') != FORMAT or not isinstance(document.get('requests'), list):
        raise NotAnExport(f'This is no file of the X-ray: it has no "xray": {FORMAT} with a list of requests.')
    if len(document['requests']) > MOST_REQUESTS:
        raise NotAnExport(f'The file has {len(document["requests"])} requests: at most {MOST_REQUESTS} are kept.')
    return [read_request(number, each) for number, each in enumerate(document['requests'])]


def read_request(number, each):
    where = f'Request {number} of the file'
    found = pick(each, SUMMARY, OPTIONAL, where)
    if not ID.fullmatch(found['id']) or len(found['steps']) > MOST_STEPS:
        raise NotAnExport(f'{where} has no good id, or too many steps.')
    steps = [pick(step, STEP, STEP_OPTIONAL, where) for step in found['steps']]
    if [step['n'] for step in steps] != list(range(len(steps))):
        raise NotAnExport(f'{where} has steps that are not numbered from 0.')
    for step in steps:
        step['refused'] = bool(step['refused'])
        step['service'] = step['service'] or found['service']
        if not (step['parent'] is None or (isinstance(step['parent'], int) and 0 <= step['parent'] < step['n'])):
            raise NotAnExport(f'{where} has a step within a later one.')
        if not all(step[part] is None or isinstance(step[part], dict) for part in ('sql', 'http', 'exception')):
            raise NotAnExport(f'{where} has a step that cannot be read.')
    try:
        datetime.datetime.fromisoformat(found['started'].replace('Z', '+00:00'))
    except ValueError:
        raise NotAnExport(f'{where} has no time at which it started.') from None
    children = [child for child in found['children'] or () if isinstance(child, str)]
    return {
        **found,
        'steps': steps,
        'children': children,
        'global_id': found['global_id'] or found['id'],
        'imported': True,
    }


def pick(document, needed, optional, where):
    if not isinstance(document, dict):
        raise NotAnExport(f'{where} is no object.')
    for name, kind in needed.items():
        if not isinstance(document.get(name), kind):
            raise NotAnExport(f'{where} has no good "{name}".')
    return {**{name: document[name] for name in needed}, **{name: document.get(name) for name in optional}}


def chrome(document):
    """The story as Chrome's trace: a process for each service, and a line for each request of it."""
    services = list(dict.fromkeys(step['service'] for step in document['steps']))
    events = [
        {'ph': 'M', 'name': 'process_name', 'pid': number, 'tid': 0, 'args': {'name': service}}
        for number, service in enumerate(services, 1)
    ]
    lines = list(dict.fromkeys(step.get('request') or document['id'] for step in document['steps']))
    start = int(moment_of(document) * 1e6)
    for step in document['steps']:
        events.append(
            {
                'ph': 'X', 'name': step['label'], 'cat': step['landmark'] or 'call', 'ts': start + step['start_us'],
                'dur': max(1, step['duration_us'] or 0), 'pid': services.index(step['service']) + 1,
                'tid': lines.index(step.get('request') or document['id']) + 1, 'args': facts_of(step),
            }
        )  # fmt: skip
    return {'traceEvents': events, 'displayTimeUnit': 'ms', 'otherData': {'id': document['id']}}


def facts_of(step):
    facts = {'name': step['name'], 'place': f'{step["file"]}:{step["line"]}' if step['file'] else None}
    facts |= {f'argument {name}': value for name, value in step['arguments'].items()}
    facts |= {'result': step['result'], 'exception': (step['exception'] or {}).get('message')}
    facts |= {'sql': (step['sql'] or {}).get('statement'), 'status': (step['http'] or {}).get('status')}
    facts['refused'] = True if step['refused'] else None
    return {name: value for name, value in facts.items() if value is not None}


def otlp(document):
    """The story as OTLP: a span for each step, below its caller's."""
    trace = re.sub('[^0-9a-f]', '', document['global_id'].removeprefix('req-'))[:32].rjust(32, '0')
    start = int(moment_of(document) * 1e9)
    spans = {}
    for step in document['steps']:
        began = start + step['start_us'] * 1000
        span = {
            'traceId': trace,
            'spanId': span_id(document, step['n']),
            'name': step['label'],
            'kind': {'server': 2, 'http': 3}.get(step['landmark'], 1),
            'startTimeUnixNano': str(began),
            'endTimeUnixNano': str(began + (step['duration_us'] or 0) * 1000),
            'attributes': [attribute(name, value) for name, value in facts_of(step).items()],
            'status': {'code': 2, 'message': (step['exception'] or {}).get('message', '')} if step['exception'] else {},
        }
        if step['parent'] is not None:
            span['parentSpanId'] = span_id(document, step['parent'])
        spans.setdefault(step['service'], []).append(span)
    return {
        'resourceSpans': [
            {
                'resource': {'attributes': [attribute('service.name', service)]},
                'scopeSpans': [{'scope': {'name': 'toycloud.xray'}, 'spans': of_service}],
            }
            for service, of_service in spans.items()
        ]
    }


def span_id(document, number):
    return hashlib.sha256(f'{document["id"]} {number}'.encode()).hexdigest()[:16]


def attribute(name, value):
    return {'key': name, 'value': {'stringValue': str(value)}}


def moment_of(document):
    """Seconds since 1970."""
    return datetime.datetime.fromisoformat(document['started'].replace('Z', '+00:00')).timestamp()
