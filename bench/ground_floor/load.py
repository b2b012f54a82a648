"""Over HTTP: one, eight and thirty-two connections, each of which asks again as soon as it has its answer."""

import contextlib
from functools import partial

from bench.answers import check_alike, ids
from bench.effort import at_most
from bench.exchanges import CREATE_FORM, LIST, SHOW
from bench.ground_floor.contenders import CLOUD, cloud_command, command
from bench.load import rate
from bench.measure import interleaved
from bench.over_http import OverHttp, serving
from bench.rivals import falcon_app, flask_app
from bench.table import rates

FALCON, LOGGED, FLASK = 'Falcon', 'Falcon, same log', 'Flask'
CONNECTIONS = (1, 8, 32)
OPERATIONS = {'GET /instances/{id}': SHOW, 'GET /instances (3)': LIST, 'POST /instances, form': CREATE_FORM}


def load():
    """Requests a second of the cloud, of Falcon with and without its log, and of Flask without."""
    commands = {CLOUD: cloud_command(), FALCON: command(falcon_app), LOGGED: command(falcon_app, '--log')}
    commands[FLASK] = command(flask_app)
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(serving(*arguments)) for name, arguments in commands.items()}
        clients = {name: stack.enter_context(contextlib.closing(OverHttp(url))) for name, url in urls.items()}
        check_alike(clients)
        found = []
        for what, request in OPERATIONS.items():
            requests = {name: request.at(ids(client)[0]) for name, client in clients.items()}
            found += rows(what, measured(urls, requests))
        return found


def measured(urls, requests):
    """{(name, connections): [requests a second, round by round]}"""
    turns = {
        (name, number): partial(rate, url, requests[name], number, at_most(1.0, quick=0.3))
        for name, url in urls.items()
        for number in CONNECTIONS
    }
    return interleaved(turns, rounds=at_most(7, quick=3), limit=120)


def rows(what, found):
    one = found[CLOUD, 1]
    aim = 1.3 if what == 'GET /instances/{id}' else None
    for number in CONNECTIONS[1:]:
        yield rates(f'HTTP, {number} connections: {what}', '1 connection', found[CLOUD, number], one, aim)
    for against, aim in ((FALCON, 0.8), (LOGGED, 1.1), (FLASK, None)):
        for number in CONNECTIONS:
            connections = 'connection' if number == 1 else 'connections'
            ours, theirs = found[CLOUD, number], found[against, number]
            yield rates(f'HTTP, {number} {connections}: {what}', against, ours, theirs, aim)
