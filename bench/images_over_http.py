"""
## The image service, over HTTP

Registry and glance-api are processes of their own on free ports of loopback, each on a copy of its ini, with 1,000
images; as the admin.

- **through the registry**: wall time of a request on one keep-alive connection: HEAD of an image and the list of its
  details (25 images) in API v1, which asks the registry, against GET and list of v2, which asks the database.
- **16 clients**: each creates an image, shows it, gives it a new name, lists 20 and deletes it, again and again, from a
  process of their own: requests a second, against one client alone. "Slowest" is the longest that any of their
  requests took, against their median.
"""

import contextlib
import json
import subprocess
import sys
import threading
import time
from functools import partial
from statistics import median

from bench.answers import ask
from bench.effort import at_most
from bench.exchanges import JSON, Request, as_json
from bench.measure import batch, interleaved, ratio
from bench.over_http import PATIENCE, ROOT, OverHttp, serving
from bench.own_service import fill, in_folder, own_copy, own_ini, sql_connection
from bench.table import Row, comparisons, rates
from bench.table import seconds as as_text

REGISTRY = ROOT / 'cloud' / 'glance' / 'glance-registry.ini'
SERVICE = 'the image service'
PATCH_TYPE = 'application/openstack-images-v2.1-json-patch'
RENAME = as_json([{'op': 'replace', 'path': '/name', 'value': 'renamed'}])
CREATE = Request('POST', '/v2/images', 201, JSON, as_json({'name': 'one of many'}))
CYCLE = (
    Request('GET', '/v2/images/{id}', 200),
    Request('PATCH', '/v2/images/{id}', 200, PATCH_TYPE, RENAME),
    Request('GET', '/v2/images?limit=20', 200),
    Request('DELETE', '/v2/images/{id}', 204),
)
CLIENTS = 16


@contextlib.contextmanager
def image_service(folder, **settings):
    """A registry and a glance-api that share the folder; the latter's URL. settings: more for the latter's ini."""
    ini = own_copy(REGISTRY, folder, sql_connection=sql_connection(folder))
    with serving('server.py', ini, '--port', '0', temporary=folder) as registry:
        ini = own_ini(folder, registry_port=registry.rpartition(':')[2], **settings)
        with serving('server.py', ini, '--port', '0', temporary=folder) as url:
            yield url


def registry(folder):
    """API v1 against v2, request by request."""
    image_id = fill(folder, 1000)[500]
    pairs = {
        'HEAD of an image': (
            Request('HEAD', f'/v1/images/{image_id}', 200),
            Request('GET', f'/v2/images/{image_id}', 200),
            1.6,
        ),
        'list of 25': (Request('GET', '/v1/images/detail', 200), Request('GET', '/v2/images', 200), 1.3),
    }
    found = []
    with image_service(folder) as url, contextlib.closing(OverHttp(url)) as client:
        for what, (first, second, aim) in pairs.items():
            turns = {f'v{n}': partial(batch, SERVICE, client, request, 5) for n, request in ((1, first), (2, second))}
            times = interleaved(turns, rounds=at_most(200, quick=30), limit=10)
            found += comparisons(f'through the registry: {what}', times, {'v2': aim})
    return found


def many_clients(folder):
    """Requests a second of sixteen clients and of one, in turns; and the slowest request of the sixteen."""
    fill(folder, 1000)
    with image_service(folder) as url:
        slowest = []

        def load(clients):
            found = measured(url, clients, at_most(5.0, quick=1.0))
            if clients == CLIENTS:
                slowest.append((found['slowest'], found['median']))
            return found['rate']

        turns = {clients: partial(load, clients) for clients in (CLIENTS, 1)}
        times = interleaved(turns, rounds=at_most(7, quick=3), limit=90)
    what = f'{CLIENTS} clients, reading and writing'
    longest, usual = zip(*slowest)
    return [
        rates(what, '1 client', times[CLIENTS], times[1], 1.2),
        Row(f'{what}: slowest', 'their median', ratio(longest, usual), 20,
            here=as_text(median(longest), median(usual))),
    ]  # fmt: skip


def measured(url, clients, seconds):
    """{'rate': requests a second, 'median': seconds, 'slowest': seconds}, measured by a process of its own."""
    command = [sys.executable, '-m', 'bench.images_over_http', url, str(clients), str(seconds)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE + seconds)
    return json.loads(done.stdout)


def main(url, clients, seconds):
    """That many clients, a thread each, for so many seconds; prints what `measured` returns."""
    end, times = time.monotonic() + float(seconds), []
    threads = [threading.Thread(target=work, args=[url, end, times]) for _ in range(int(clients))]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.monotonic() - start
    print(json.dumps({'rate': len(times) / passed, 'median': median(times), 'slowest': max(times)}))


def work(url, end, times):
    with contextlib.closing(OverHttp(url)) as client:
        while time.monotonic() < end:
            image_id = json.loads(timed(client, CREATE, times).body)['id']
            for request in CYCLE:
                timed(client, request.at(image_id), times)


def timed(client, request, times):
    start = time.perf_counter()
    answer = ask(SERVICE, client, request)
    times.append(time.perf_counter() - start)
    return answer


PARTS = {
    'image service, through the registry': in_folder(registry),
    'image service, many clients': in_folder(many_clients),
}
SLOW = ()

if __name__ == '__main__':
    main(*sys.argv[1:])
