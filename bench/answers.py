"""Are the answers right? Each contender is asked everything once before it is timed, and its statuses while it is."""

import json
from dataclasses import dataclass

from bench.exchanges import ALIKE, CREATE_FORM, DELETE, LIST

TELLING = ('name', 'code', 'rel')  # keys whose values must be equal, not only of the same type


class WrongAnswer(Exception):
    """A contender answered something else than it should."""


@dataclass
class Answer:
    """status: number; headers: {lower-case name: value}; body: bytes."""

    status: int
    headers: dict
    body: bytes


def check_alike(clients):
    """Ask {name: client} every request of ALIKE; WrongAnswer unless all answer as the first of them does."""
    first, expected = next(iter(clients)), None
    for name, client in clients.items():
        resize(client, 3)
        shapes = [shape_of(ask(name, client, request.at(ids(client)[0]))) for request in ALIKE]
        resize(client, 3)
        expected = expected or shapes
        for request, shape, other in zip(ALIKE, shapes, expected):
            if shape != other:
                raise WrongAnswer(f'{request.method} {request.target}: {name} answers {shape}, but {first} {other}')


def ask(name, client, request):
    """The client's Answer; WrongAnswer if its status is not the request's."""
    return check_status(name, request, client.ask(request))


def check_status(name, request, answer):
    if answer.status != request.status:
        what = f'{request.method} {request.target} with {answer.status}, not {request.status}'
        raise WrongAnswer(f'{name} answers {what}: {answer.body[:200]!r}')
    return answer


def shape_of(answer):
    """What must be equal between contenders: media type, where Location points, the JSON body's keys and types."""
    media_type = answer.headers.get('content-type', '').partition(';')[0] if answer.body else ''
    location = answer.headers.get('location', '').rpartition('/')[0]
    return media_type, location, outline(json.loads(answer.body or 'null'))


def outline(value, key=None):
    """A JSON value with its leaves replaced by their type's name, unless their key is telling."""
    if isinstance(value, dict):
        return {key: outline(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [outline(inner) for inner in value]
    return value if key in TELLING else type(value).__name__


def ids(client):
    return [instance['id'] for instance in json.loads(client.ask(LIST).body)['instances']]


def resize(client, count):
    """Leave the client's contender with `count` new instances and none of the old; return their ids in order."""
    while old := ids(client):
        for instance_id in old:
            client.ask(DELETE.at(instance_id))
    return [id_of(client.ask(CREATE_FORM)) for _ in range(count)]


def id_of(created):
    return created.headers['location'].rpartition('/')[2]
