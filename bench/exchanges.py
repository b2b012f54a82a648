"""The requests: those that are timed, and those that show that all contenders answer alike."""

import json
from dataclasses import dataclass, replace

TOKEN = 'open-sesame'  # as in configure.ini
FORM = 'application/x-www-form-urlencoded'
JSON = 'application/json'


@dataclass(frozen=True)
class Request:
    """A request, and the status that answers it. target: path and query, with {id} for an instance that exists."""

    method: str
    target: str
    status: int
    content_type: str = ''
    body: bytes = b''
    token: str = TOKEN
    more: tuple = ()  # headers besides

    def at(self, instance_id):
        return replace(self, target=self.target.format(id=instance_id))

    def headers(self):
        """[(name, value), ...] as text."""
        headers = [('Host', '127.0.0.1'), ('X-Auth-Token', self.token), *self.more]
        if self.body:
            headers += [('Content-Type', self.content_type), ('Content-Length', str(len(self.body)))]
        return [(name, value) for name, value in headers if value]


def as_json(document):
    return json.dumps(document).encode()


LIST = Request('GET', '/instances', 200)
SHOW = Request('GET', '/instances/{id}', 200)
CREATE_FORM = Request('POST', '/instances', 201, FORM, b'name=demo_one')
CREATE_JSON = Request('POST', '/instances', 201, JSON, as_json({'name': 'demo_one'}))
DELETE = Request('DELETE', '/instances/{id}', 204)

# Each is sent to every contender once, in this order, before anything is timed.
ALIKE = (
    LIST,
    SHOW,
    CREATE_FORM,
    CREATE_JSON,
    Request('POST', '/instances', 201, JSON, as_json({'instance': {'name': ' trimmed '}})),
    Request('PUT', '/instances/{id}', 200, JSON, as_json({'name': 'renamed'})),
    Request('GET', '/instances?limit=2', 200),
    Request('GET', '/instances?limit=9&marker={id}', 200),
    DELETE,
    Request('GET', '/instances?limit=0', 400),
    Request('GET', '/instances?marker=nobody', 400),
    Request('POST', '/instances', 400, FORM, b'color=red'),
    Request('POST', '/instances', 400, FORM, b'name=' + b'x' * 256),
    Request('POST', '/instances', 400, FORM, b'name=bell%07'),
    Request('POST', '/instances', 400, JSON, b'{"name": 1}'),
    Request('POST', '/instances', 400, JSON, b'{"name": '),
    Request('POST', '/instances', 413, FORM, b'name=' + b'x' * 114688),
    Request('GET', '/instances', 403, token=''),
    Request('GET', '/instances', 403, token='sesame'),
    Request('GET', '/instances/nobody', 404),
    Request('DELETE', '/instances/nobody', 404),
    Request('GET', '/nowhere', 404),
    Request('PATCH', '/instances', 405),
)
