"""
## The image service

The service is what `python server.py cloud/glance/glance-api.ini` serves, from a copy of that ini with a data folder
of its own in the temporary folder; as the admin, except where a row says "member". What its log says is formatted,
then written to the null device. All is removed at the end; up to 1 GiB is on the disk at a time.

- **upload**, **download**: wall time over loopback of 256 MiB with a Content-Length, from a process of its own. The
  bare WSGI application stands on the same server, with the same options, and only does what must be done: it reads
  and hashes (MD5) the upload, and sends the download from a file. The service also keeps the upload on the disk, and
  waits until it is there (fsync). To reach at least 0.6 of its speed up and 0.7 down means at most 1.67 and 1.43 of
  its time, the targets. What arrives is compared with what was sent, outside the measured time.
- **in-process**: the WSGI application called directly, in processor time, with request ids and access log. "Database
  layer alone" is the innermost repository asked for the same image, "bare WSGI" a function that finds the document by
  the path in a dict, and encodes it.
- **list**: in-process likewise, 1000 images of 100,000 against the only page of a service with 1,000: what the size
  costs. The member sees every second image.
- **chain**: the onion of cloud/glance/gateway.py, with property protection, built up skin by skin, in processor time:
  with one more layer against the chain up to the one below it. "get" also reads all that an answer shows; "save"
  writes a new name of an image that has a location, a property and a tag.
"""

import contextlib
import hashlib
import json
import os
import time
import uuid
from functools import partial
from itertools import pairwise

from bench.answers import WrongAnswer, ask
from bench.exchanges import TOKEN, Request, as_json
from bench.in_process import InProcess
from bench.measure import batch, interleaved
from bench.over_http import OverHttp, serving
from bench.own_service import fill, in_folder, options_of, own_ini
from bench.table import comparisons
from cloud.glance.api.parts import Parts
from cloud.glance.api.v2.images import ResponseSerializer
from cloud.glance.api.v2.router import make_gateway
from cloud.glance.context import RequestContext
from server import load_app

SERVICE, BARE, DATABASE = 'the image service', 'bare WSGI', 'database layer alone'
SIZE = 256 * 2**20  # bytes of an upload and a download
NEW_IMAGE = as_json({'name': 'large', 'disk_format': 'raw', 'container_format': 'bare'})
CREATE = Request('POST', '/v2/images', 201, 'application/json', NEW_IMAGE)
SHOW = Request('GET', '/v2/images/{id}', 200)
DELETE = Request('DELETE', '/v2/images/{id}', 204)
DOWNLOAD = Request('GET', '/v2/images/{id}/file', 200)
ADMIN = RequestContext(user='admin', tenant='admin', roles=['admin'], is_admin=True)


def transfers(folder):
    """256 MiB up and down, to and from the service's process and the bare application's in turns."""
    ini, payload = own_ini(folder), os.urandom(SIZE)
    (folder / 'payload').write_bytes(payload)
    commands = {
        SERVICE: ('server.py', ini, '--port', '0'),
        BARE: ('-m', 'bench.serve_bytes', ini, str(folder / 'payload')),
    }
    with contextlib.ExitStack() as stack:
        clients, buffer = {}, bytearray(SIZE)
        for name, command in commands.items():
            url = stack.enter_context(serving(*command, temporary=folder))
            clients[name] = stack.enter_context(contextlib.closing(OverHttp(url, buffer=buffer)))
        return [*uploads(clients, payload), *downloads(clients, payload)]


def uploads(clients, payload):
    checksum = hashlib.md5(payload, usedforsecurity=False).hexdigest()
    turns = {
        SERVICE: partial(upload, clients[SERVICE], payload, checksum),
        BARE: partial(upload_bare, clients[BARE], payload, checksum),
    }
    return comparisons('upload of 256 MiB', interleaved(turns, rounds=20, limit=32), {BARE: 1.67})


def upload(client, payload, checksum):
    """Seconds that the service takes for it; the image is looked at, and deleted, afterwards."""
    image_id, seconds = upload_new(client, payload)
    image = json.loads(ask(SERVICE, client, SHOW.at(image_id)).body)
    if (image['status'], image['size'], image['checksum']) != ('active', SIZE, checksum):
        raise WrongAnswer(f'{SERVICE} has taken an upload, and says {image}')
    ask(SERVICE, client, DELETE.at(image_id))
    return seconds


def upload_new(client, payload):
    """(id of a new image, seconds that the upload of its data took)"""
    image_id = json.loads(ask(SERVICE, client, CREATE).body)['id']
    return image_id, batch(SERVICE, client, put(payload, 204).at(image_id), 1)


def put(payload, status):
    return Request('PUT', '/v2/images/{id}/file', status, 'application/octet-stream', payload)


def upload_bare(client, payload, checksum):
    seconds, (answer,) = client.timed(put(payload, 200), 1)
    if answer.body != checksum.encode():
        raise WrongAnswer(f'{BARE} has another checksum of the upload: {answer.body}')
    return seconds


def downloads(clients, payload):
    request = DOWNLOAD.at(upload_new(clients[SERVICE], payload)[0])
    turns = {name: partial(download, name, client, request, payload) for name, client in clients.items()}
    return comparisons('download of 256 MiB', interleaved(turns, rounds=20, limit=12), {BARE: 1.43})


def download(name, client, request, payload):
    seconds, (answer,) = client.timed(request, 1)
    if answer.status != 200 or answer.body != payload:
        raise WrongAnswer(f'{name} answers a download with {answer.status} and {len(answer.body)} other bytes')
    return seconds


def show(folder):
    """One image through everything, against the innermost repository and a function that has the answer."""
    ini, image_id = own_ini(folder), fill(folder, 1000)[500]
    request = SHOW.at(image_id)
    service = InProcess(load_app(ini))
    document = json.loads(ask(SERVICE, service, request).body)
    bare = InProcess(bare_app({request.target: document}))
    if document['id'] != image_id or json.loads(ask(BARE, bare, request).body) != document:
        raise WrongAnswer(f'{SERVICE} shows {document} as image {image_id}')
    turns = {
        SERVICE: partial(batch, SERVICE, service, request, 20),
        DATABASE: partial(get, chain(ini)[0], image_id),
        BARE: partial(batch, BARE, bare, request, 20),
    }
    return comparisons('in-process: GET /v2/images/{id}', interleaved(turns, rounds=200, limit=8))


def bare_app(documents):
    """A WSGI application that answers with one of the {path: document} as JSON."""

    def app(environ, start_response):
        body = json.dumps(documents[environ['PATH_INFO']]).encode()
        start_response('200 OK', [('Content-Type', 'application/json'), ('Content-Length', str(len(body)))])
        return [body]

    return app


def lists(folder):
    """First and last page of 100,000 images, and a member's last, against the only page of 1,000."""
    small, large = folder / 'small', folder / 'large'
    ids, more_ids = fill(small, 1000), fill(large, 100_000)
    service = InProcess(load_app(own_ini(large)))
    turns = {
        'first of 100,000': page_of(service, more_ids, 0),
        'last of 100,000': page_of(service, more_ids, 99_000),
        "member's last of 50,000": page_of(service, more_ids[1::2], 49_000, 'alice-token'),
        'only page of 1,000': page_of(InProcess(load_app(own_ini(small))), ids, 0),
    }
    *others, (against, only) = interleaved(turns, rounds=60, limit=15).items()
    return [row for which, times in others for row in comparisons(f'list: {which}', {which: times, against: only})]


def page_of(service, ids, start, token=TOKEN):
    """A function for the seconds of the page of 1000 that begins at ids[start]; WrongAnswer if it is another page."""
    marker = f'&marker={ids[start - 1]}' if start else ''
    request = Request('GET', f'/v2/images?limit=1000{marker}', 200, token=token)
    listed = json.loads(ask(SERVICE, service, request).body)['images']
    if [image['id'] for image in listed] != ids[start : start + 1000]:
        raise WrongAnswer(f'{SERVICE} answers {request.target} with another page than the one from {ids[start]} on')
    return partial(batch, SERVICE, service, request, 1)


def layers(folder):
    """Each chain of the onion against the one that is a layer shorter, and the longest against the shortest."""
    ini = own_ini(folder, property_protection_file='%(here)s/property-protections-roles.conf')
    image_id = fill(folder, 1000)[500]
    repos = {type(repo).__module__.rpartition('.')[2]: repo for repo in chain(ini)}
    document_of = ResponseSerializer(options_of(ini), None).document
    check_same([document_of(repo.get(image_id)) for repo in repos.values()])
    found = []
    for what, seconds in {'get': partial(get, look=document_of), 'save': save}.items():
        turns = {layer: partial(seconds, repo, image_id) for layer, repo in repos.items()}
        found += layer_by_layer(f'chain, {what}', interleaved(turns, rounds=150, limit=10))
    return found


def chain(ini):
    """The service's repositories for the admin, innermost first: each a chain of its own, one layer longer."""
    repos = [make_gateway(Parts(options_of(ini))).get_repo(ADMIN)]
    while hasattr(repos[0], 'base'):
        repos.insert(0, repos[0].base)
    return repos


def layer_by_layer(what, times):
    """Rows out of {layer: seconds of the chain up to that one}."""
    (database, least), *_, (_, most) = times.items()
    found = []
    for inner, outer in pairwise(times):
        found += comparisons(f'{what}: + {outer}', {outer: times[outer], f'up to {inner}': times[inner]})
    return [*found, *comparisons(f'{what}: all layers', {'all': most, f'{database} alone': least})]


def check_same(documents):
    for document in documents:
        if document != documents[0]:
            raise WrongAnswer(f'the layers show an image as {document}, and without them it is {documents[0]}')


def get(repo, image_id, look=lambda image: None):
    """Seconds of one get out of ten. look: called with each image."""
    start = time.thread_time()
    for _ in range(10):
        look(repo.get(image_id))
    return (time.thread_time() - start) / 10


def save(repo, image_id):
    """Seconds of one save out of three, of a new name each."""
    seconds = 0
    for _ in range(3):
        image = repo.get(image_id)
        image.name = name = str(uuid.uuid4())
        start = time.thread_time()
        repo.save(image)
        seconds += time.thread_time() - start
        if repo.get(image_id).name != name:
            raise WrongAnswer(f'a name is saved through {type(repo)} and then it is another')
    return seconds / 3


PARTS = {f'image service, {part.__name__}': in_folder(part) for part in (transfers, show, lists, layers)}
SLOW = ('image service, lists',)
