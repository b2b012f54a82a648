"""
## The X-ray

Each of these runs with the pipeline `xray` of an ini against the one without it, in processes of their own: where the
X-ray is loaded, every function of the project has another body.

- **X-ray off**: the ground floor by its ini, in processor time, against an ini that has no word of the X-ray.
- **X-ray on, in-process**: the WSGI application called directly, in processor time; with arguments and results kept.
- **X-ray on, HTTP**: requests a second over loopback, on 8 keep-alive connections. What is recorded is written to the
  disk meanwhile, a small part of the time.
- **X-ray on, upload**: wall time of 256 MiB to version 2 of the image API.
"""

import contextlib
import hashlib
import os
import re
import subprocess
import sys
from functools import partial

from bench.effort import at_most
from bench.exchanges import CREATE_JSON, LIST, SHOW
from bench.ground_floor.contenders import CONFIG
from bench.image_service import SIZE, upload
from bench.load import rate
from bench.measure import interleaved
from bench.over_http import PATIENCE, ROOT, OverHttp, serving
from bench.own_service import in_folder, own_ini
from bench.table import comparisons, rates

ON, OFF, BARE = 'with the X-ray', 'without', 'an ini without the word'
REQUESTS = {'GET /instances (3)': LIST, 'GET /instances/{id}': SHOW, 'POST /instances, JSON': CREATE_JSON}


def own_configure(folder, name='configure.ini', bare=False):
    """A copy of configure.ini whose recordings are in the folder, or one without the X-ray; returns its path."""
    with open(CONFIG, encoding='utf-8') as file:
        text = file.read().replace('%(here)s/data/xray', str(folder / 'xray'))
    if bare:
        text = re.sub(r'\[(pipeline|filter):xray\]\n([^\[]*?)(?=\[|\Z)', '', text)
    (folder / name).write_text(text)
    return str(folder / name)


@contextlib.contextmanager
def worker(ini, pipeline):
    """A process with the application: call it with a request's name and a number for the seconds each one takes."""
    command = [sys.executable, '-m', 'bench.xray_worker', ini, pipeline]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def seconds(name, count):
            print(name, count, file=process.stdin, flush=True)
            return float(process.stdout.readline())

        try:
            yield seconds
        finally:
            process.stdin.close()
            process.wait(PATIENCE)


@in_folder
def in_process(folder):
    """Off and on, three operations."""
    with contextlib.ExitStack() as stack:
        inis = {ON: (own_configure(folder), 'xray'), OFF: (own_configure(folder), 'main')}
        inis[BARE] = own_configure(folder, 'bare.ini', bare=True), 'main'
        workers = {name: stack.enter_context(worker(*ini)) for name, ini in inis.items()}
        rows = []
        for what in REQUESTS:
            turns = {name: partial(seconds, what, 20) for name, seconds in workers.items()}
            times = interleaved(turns, rounds=200, limit=8)
            if what == 'GET /instances (3)':
                rows += comparisons(f'X-ray off: {what}', {OFF: times[OFF], BARE: times[BARE]}, {BARE: 1.0})
            aim = 3.0 if what.startswith('GET') else None
            rows += comparisons(f'X-ray on, in-process: {what}', {ON: times[ON], OFF: times[OFF]}, {OFF: aim})
        return rows


@in_folder
def over_http(folder):
    """Requests a second."""
    commands = {name: ('server.py', own_configure(folder), pipeline, '--port', '0') for name, pipeline in PIPELINES}
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(serving(*command)) for name, command in commands.items()}
        turns = {name: partial(rate, url, LIST, 8, at_most(1.0, quick=0.3)) for name, url in urls.items()}
        found = interleaved(turns, rounds=at_most(15, quick=3), limit=60)
        return [rates('X-ray on, HTTP, 8 connections: GET /instances (3)', OFF, found[ON], found[OFF], 0.75)]


PIPELINES = ((ON, 'xray'), (OFF, 'main'))


@in_folder
def uploads(folder):
    """256 MiB to each of two image services, in turns."""
    payload = os.urandom(SIZE)
    checksum = hashlib.md5(payload, usedforsecurity=False).hexdigest()
    with contextlib.ExitStack() as stack:
        turns = {}
        for name, pipeline in PIPELINES:
            own = folder / pipeline
            own.mkdir()
            url = stack.enter_context(serving('server.py', own_glance(own), pipeline, '--port', '0', temporary=own))
            client = stack.enter_context(contextlib.closing(OverHttp(url)))
            turns[name] = partial(upload, client, payload, checksum)
        times = interleaved(turns, rounds=20, limit=40)
    return comparisons('X-ray on: v2 upload of 256 MiB', times, {OFF: 1.05})


def own_glance(folder):
    """A copy of glance-api.ini whose data and recordings are in the folder; returns its path."""
    path = own_ini(folder)
    with open(path, encoding='utf-8') as file:
        text = re.sub('xray_store = .*', f'xray_store = {folder}/xray', file.read())
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


PARTS = {'X-ray, in-process': in_process, 'X-ray, HTTP': over_http, 'X-ray, upload': uploads}
SLOW = ('X-ray, upload',)
