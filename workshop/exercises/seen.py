"""What several checks ask of the requests that reached a cloud, and do in a private one.

Use: refusal(exchange); image_id = upload(cloud, b'bytes'); instance = boot(cloud, image_id)
"""

import json
import re
import time

from workshop.student import ALICE, NotYet

JSON = {'Content-Type': 'application/json'}
BYTES = {'Content-Type': 'application/octet-stream'}
DISK_MD5 = '72d4ff27a28afbc066d5804999d5a504'  # of what `seq 10000` prints
FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}


def of(student, service, method=None, path=None):
    """The exchanges with that service, of that method and path where these are given, in their order."""
    return [
        each
        for each in student.exchanges
        if each.service == service and method in (None, each.method) and path in (None, each.path.rstrip('/'))
    ]


def token_of(exchange):
    return exchange.headers.get('x-auth-token')


def fields(document, name):
    """The JSON object under that name in a JSON object; {} if there is none."""
    found = document.get(name) if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}


def refusal(exchange):
    """'400 ("The body is missing.")' for an answer that refuses: its status, and what the service itself says."""
    return refused(exchange.status, exchange.answer)


def refused(status, answer):
    """The same for a status and a body (text, bytes or None)."""
    message = message_of(answer)
    return f'{status} ("{message}")' if message else str(status)


def message_of(answer):
    """The message of a fault's body (text, bytes or None); '' if there is none."""
    try:
        message = next(iter(json.loads(answer).values()))['message']
    except (AttributeError, KeyError, StopIteration, TypeError, ValueError):
        return ''
    return message if isinstance(message, str) else ''


def check_options(cloud, name):
    """NotYet if the service says that its ini sets an option which nobody reads."""
    if found := re.search(r'(\S+): no service reads (\S+?)(?:; did you mean (\S+)\?)?$', cloud.log(name), re.MULTILINE):
        ini, option, like = found.groups()
        instead = f'did you mean {like}?' if like else 'look up how it is spelt.'
        raise NotYet(f'{ini}: no service reads {option}, so the line does nothing: {instead}')


def create(cloud, fields, token=ALICE):
    """The id of a new image without bytes, by API v2 of the private cloud."""
    body = json.dumps({**FORMATS, **fields})
    status, _, answer = cloud.request('glance', 'POST', '/v2/images', {**token, **JSON}, body)
    if status != 201:
        raise NotYet(f'An image could not be created. Glance answered {refused(status, answer)}')
    return json.loads(answer)['id']


def upload(cloud, data, service='glance'):
    """The id of a new image of Alice's with these bytes, by API v2 of the private cloud."""
    image_id = create(cloud, {'name': 'toy'})
    status, _, answer = cloud.request(service, 'PUT', f'/v2/images/{image_id}/file', {**ALICE, **BYTES}, data)
    if status != 204:
        raise NotYet(f'An image could not be uploaded. Glance answered {refused(status, answer)}')
    return image_id


def boot(cloud, image_id, patience=8):
    """The instance that nova makes of the image for Alice, as it shows it in the end; its status may be ERROR.

    NotYet if nova refuses, or the instance is not there after so many seconds.
    """
    body = json.dumps({'name': 'toy', 'image': image_id})
    status, headers, answer = cloud.request('nova', 'POST', '/instances', {**ALICE, **JSON}, body)
    if status != 202:
        raise NotYet(f'Nova does not boot. It answered {refused(status, answer)}')
    path = f'/instances/{json.loads(answer)["instance"]["id"]}'
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        instance = json.loads(cloud.request('nova', 'GET', path, ALICE)[2])['instance']
        if instance['status'] != 'BUILD':
            return instance
        time.sleep(0.05)
    raise NotYet(f'An instance is still being built after {patience} seconds: is there something that waits too long?')
