"""What if the pipeline were another? A scratch copy of a service, in a process of its own, with a copy of its data.

    POST /xray/playground -> python -m xray.scratch: ini, database, files copied -> the request again -> its recording

Use: play(xray, {"service": ..., "pipeline": [...], "layers": [...], "filters": {...}, "replay": ID})
         ->  {"id", "status", "error"}
Real: none
"""

import base64
import json
import os
import re
import signal
import subprocess
import sys

from xray.admittance import Refusal
from xray.again import prepare
from xray.landmarks import ROOT

PATIENCE = 60  # seconds for the copy to be made and to answer
NAME = re.compile(r'[\w.-]{1,60}')
FACTORY = re.compile(r'[A-Za-z_][\w.]{0,120}:[A-Za-z_][\w.]{0,120}')


def play(xray, wish):
    document = xray.store.get(str(wish.get('replay')))
    if document is None:
        raise Refusal(404, f'There is no request {wish.get("replay")} to send again.')
    house = next((house for house in xray.store.houses() if house['name'] == wish.get('service')), None)
    if house is None or not house.get('path'):
        raise Refusal(404, f'The ini of the service {wish.get("service")} is not known here.')
    method, target, headers, body = prepare(document, changes_in(wish), xray.memory)
    order = {
        'ini': house['path'],
        'service': house['name'],
        'store': xray.store.folder,
        'pipeline': names(wish, 'pipeline'),
        'layers': names(wish, 'layers') if wish.get('layers') is not None else None,
        'filters': filters(wish),
        'request': [method, target, headers, base64.b64encode(body or b'').decode()],
        'instances': xray.instances() if house['name'] == xray.service else None,
    }
    return run(order)


def changes_in(wish):
    """What is to be sent otherwise than it was: as for a replay."""
    return {name: wish[name] for name in ('method', 'path', 'headers', 'body', 'token') if wish.get(name) is not None}


def names(wish, part):
    found = wish.get(part)
    if (
        not isinstance(found, list)
        or not found
        or not all(isinstance(each, str) and NAME.fullmatch(each) for each in found)
    ):
        raise Refusal(400, f'{part} is not a list of names.')
    if len(found) > 50:
        raise Refusal(400, f'{part} has more than 50 names.')
    return found


def filters(wish):
    """{name: factory} of filters that the ini does not have."""
    found = wish.get('filters') or {}
    if not isinstance(found, dict):
        raise Refusal(400, 'filters is not an object of names and factories.')
    for name, factory in found.items():
        if not NAME.fullmatch(name) or not isinstance(factory, str) or not FACTORY.fullmatch(factory):
            raise Refusal(400, f'{name}: a factory is written module:function, such as hello:filter_factory.')
    return found


def run(order):
    """What the scratch process says of itself, in one JSON line; an error if it does not end in time."""
    process = subprocess.Popen(
        [sys.executable, '-m', 'xray.scratch'],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        said, log = process.communicate(json.dumps(order).encode(), PATIENCE)
    except subprocess.TimeoutExpired:
        return {'id': None, 'status': None, 'error': f'The scratch copy did not answer within {PATIENCE} seconds.'}
    finally:
        end(process)
    try:
        return json.loads(said.splitlines()[-1])
    except (ValueError, IndexError):
        last = (log.decode('utf-8', 'replace').strip().splitlines() or ['it ended without a word'])[-1]
        return {'id': None, 'status': None, 'error': f'The scratch copy failed: {last[:500]}'}


def end(process):
    """End it with whatever it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    process.wait()
