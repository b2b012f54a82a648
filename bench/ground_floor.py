"""
## The ground floor

"The cloud" is what `python server.py` serves: the pipeline of configure.ini with request ids and access log around it.
Each line of that log is formatted, then written to the null device. "Pipeline alone" is the same without those two.
The rivals (bench/rivals) have neither; they do have the same paths, token check, rules for names and pages, and shapes
of answers, which is checked before anything is timed. So it is the pipeline alone that is compared with them. The rows
"as served" are the cloud's: in-process against a Flask with the same ids and log around it, over HTTP against a Flask
that keeps no log at all.

- **in-process**: the WSGI application called directly, in processor time; building the environ is not counted.
- **HTTP**: wall time over loopback, on keep-alive connections, each application in a process of its own on waitress
  with the options of configure.ini. "8 at once": as many connections with a request under way.
- **first answer**: wall time from starting the process until a 200 has been read, against waitress with a rival, or
  with nothing but a function that says hello, alone or with the libraries imported that the cloud stands on (WebOb,
  Routes, Paste, Paste Deploy, simplejson): most of the time is theirs. Bytecode is cached, as at any start but the
  very first.
- **memory**: resident memory of a process that has created so many instances through the application.
- **page**: in-process, 1000 instances of 100,000, against the only page of a cloud with 1,000: what the size costs.
"""

import configparser
import contextlib
import json
import os
import subprocess
import sys
import time
from functools import partial

from bench import pipeline_alone
from bench.answers import WrongAnswer, ask, check_alike, resize
from bench.exchanges import CREATE_FORM, CREATE_JSON, LIST, SHOW, Request
from bench.in_process import InProcess, logged_nowhere
from bench.measure import batch, compare, interleaved
from bench.over_http import ROOT, OverHttp, serving
from bench.rivals import bare_wsgi, falcon_app, flask_app, hello, hello_with_libraries
from bench.table import Row, comparisons
from cloud.oslo.middleware.request_id import RequestId
from cloud.oslo.middleware.translogger import TransLogger
from server import load_app

CONFIG = str(ROOT / 'configure.ini')
CLOUD, ALONE, LOGGED = 'the cloud', 'pipeline alone', 'Flask, same log'
RIVALS = {'Flask': flask_app, 'Falcon': falcon_app, 'bare WSGI': bare_wsgi}
OPERATIONS = {
    # what: (request, at most this ratio to Flask in-process); those that create come last, for what they create stays
    'GET /instances/{id}': (SHOW, 0.40),
    'GET /instances (3)': (LIST, 0.45),
    'POST /instances, form': (CREATE_FORM, 0.65),
    'POST /instances, JSON': (CREATE_JSON, 0.65),
}


def rows(log):
    """Every part's rows, in under three minutes. log: called with what is about to be measured."""
    found = []
    for part in (in_process, over_http, first_answer, memory, pages):
        log(f'ground floor, {part.__name__.replace("_", " ")}')
        found += part()
    return found


def in_process():
    """The pipeline against each rival, the cloud against Flask with a log: four operations, and a list of 1000."""
    with logged_nowhere():
        apps = {ALONE: pipeline_alone.app, **{name: module.app for name, module in RIVALS.items()}}
        apps |= {CLOUD: load_app(CONFIG), LOGGED: with_ids_and_log(flask_app.app)}
        clients = {name: InProcess(app) for name, app in apps.items()}
        check_alike(clients)
        found = []
        for what, (request, target) in OPERATIONS.items():
            times = compare(clients, request, count=20, rounds=200, limit=8)
            found += alone_and_served('in-process', what, times, LOGGED, target)
        for client in clients.values():
            resize(client, 1000)
        times = compare(clients, LIST, 1, 200, 8)
        return found + alone_and_served('in-process', 'GET /instances (1000)', times, LOGGED)


def alone_and_served(how, what, times, against, target=None):
    """Rows for the pipeline alone against each rival, and for the cloud as served. times: as from compare."""
    served = {CLOUD: times.pop(CLOUD), against: times[against]}
    times.pop(LOGGED, None)
    alone = comparisons(f'{how}: {what}', times, {'Flask': target})
    return [*alone, *comparisons(f'{how}, as served: {what}', served)]


def with_ids_and_log(app):
    """What server.py puts around an application, around another one."""
    return RequestId(TransLogger(app))


def over_http():
    """The same over a socket, from a server process each: one request at a time, then eight."""
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(serving(*command)) for name, command in commands().items()}
        one, eight = (
            {name: stack.enter_context(contextlib.closing(OverHttp(url, number))) for name, url in urls.items()}
            for number in (1, 8)
        )
        check_alike(one)
        found = []
        for what, (request, _) in OPERATIONS.items():
            times = compare(one, request, count=20, rounds=80, limit=8)
            found += alone_and_served('HTTP', what, times, 'Flask', 1)
        times = compare(eight, SHOW, 80, 60, 12)
        return found + alone_and_served('HTTP, 8 at once', 'GET /instances/{id}', times, 'Flask', 1)


def commands():
    """{name: arguments for Python that serve it}: the cloud as a user starts it, the others with the same options."""
    modules = {ALONE: pipeline_alone, **RIVALS}
    options = server_options()
    served = {name: ('-m', 'bench.serve', module.__name__, *options) for name, module in modules.items()}
    return {CLOUD: ('server.py', CONFIG, '--port', '0'), **served}


def server_options():
    """waitress's options in configure.ini, as ['threads=8', ...], with any free port."""
    ini = configparser.ConfigParser(interpolation=None, default_section='none')
    ini.read(CONFIG)
    options = {**ini['server:main'], 'port': '0'}
    return [f'{name}={value}' for name, value in options.items() if name != 'use']


def first_answer():
    """From nothing to an answer, the cloud's process against rivals' and against a bare waitress application's."""
    served = commands()
    del served[ALONE]
    modules = {'waitress, hello': hello, 'hello, same libraries': hello_with_libraries}
    bare = {name: ('-m', 'bench.serve', module.__name__, *server_options()) for name, module in modules.items()}
    served = {CLOUD: served.pop(CLOUD), **bare, **served}
    starts = {name: partial(time_to_answer, name, command) for name, command in served.items()}
    for start in starts.values():
        start()  # not counted: it fills the caches
    return comparisons('first answer', interleaved(starts, rounds=20, limit=25), {'waitress, hello': 2})


def time_to_answer(name, command):
    start = time.perf_counter()
    with serving(*command) as url, contextlib.closing(OverHttp(url)) as client:
        ask(name, client, LIST)
        return time.perf_counter() - start


def memory():
    """Three processes with 10, 1,000 and 100,000 instances, one after the other."""
    if not os.path.exists('/proc/self/statm'):
        return [Row('memory', here='not measured: needs /proc')]
    counts = (10, 1000, 100_000)
    sizes = [resident(count) for count in counts]
    found = [Row(f'memory: {count:,} instances', here=f'{size / 1e6:.1f} MB') for count, size in zip(counts, sizes)]
    each = (sizes[-1] - sizes[0]) / (counts[-1] - counts[0])
    return [*found, Row('memory: one instance more', here=f'{each:.0f} bytes')]


def resident(count):
    command = [sys.executable, '-m', 'bench.memory', str(count)]
    return int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120).stdout)


def pages():
    """First, middle and last page of 100,000 instances, against the only page of 1,000."""
    with logged_nowhere():
        small, large = InProcess(load_app(CONFIG)), InProcess(load_app(CONFIG))
        resize(small, 1000)
        ids = resize(large, 100_000)
        turns = {'only page of 1,000': partial(batch, CLOUD, small, LIST, 1)}
        for which, start in (('first', 0), ('middle', 50_000), ('last', 99_000)):
            request = Request('GET', f'/instances?marker={ids[start - 1]}' if start else '/instances', 200)
            check_page(large.ask(request), ids[start : start + 1000])
            turns[f'page: {which} of 100,000'] = partial(batch, CLOUD, large, request, 1)
        (against, only), *others = interleaved(turns, rounds=60, limit=10).items()
    return [row for which, times in others for row in comparisons(which, {'page': times, against: only})]


def check_page(answer, expected):
    page = json.loads(answer.body)['instances']
    if [instance['id'] for instance in page] != expected:
        raise WrongAnswer(f'{CLOUD} answers another page than the one from {expected[0]} to {expected[-1]}')
