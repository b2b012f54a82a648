"""moto's server, which plays AWS for the tests of those who use AWS: a list of ten instances, its start, its memory."""

import contextlib
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from bench.answers import ask, resize
from bench.effort import at_most
from bench.exchanges import FORM, LIST, Request
from bench.ground_floor.contenders import CLOUD, cloud_command
from bench.load import rate
from bench.measure import interleaved
from bench.over_http import OverHttp, serving
from bench.table import Row, comparisons, rates

MOTO = 'moto'
TEN = 10


def ec2(action, **parameters):
    """A request of EC2's. moto reads from the signature which of AWS's services is meant, and does not check it."""
    credential = 'Credential=x/20141016/us-east-1/ec2/aws4_request'
    signature = f'AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=x'
    body = urlencode({'Action': action, 'Version': '2016-11-15', **parameters}).encode()
    return Request('POST', '/', 200, FORM, body, more=(('Authorization', signature),))


RUN = ec2('RunInstances', ImageId='ami-12c6146b', MinCount=TEN, MaxCount=TEN)
DESCRIBE = ec2('DescribeInstances')
COMMANDS = {CLOUD: cloud_command(), MOTO: ('-m', 'bench.serve_moto')}


def moto():
    """Rows for the list, with one connection and with eight, for the start, and for the memory with ten instances."""
    with contextlib.ExitStack() as stack:
        pids, urls = {}, {}
        for name, command in COMMANDS.items():
            urls[name] = stack.enter_context(serving(*command, started=partial(pids.__setitem__, name)))
        fill(urls)
        found = [*lists(urls), *memory(pids)]
    return [*found, *starts()]


def fill(urls):
    with contextlib.closing(OverHttp(urls[CLOUD])) as cloud, contextlib.closing(OverHttp(urls[MOTO])) as moto:
        resize(cloud, TEN)
        ask(MOTO, moto, RUN)
        listed = ask(MOTO, moto, DESCRIBE).body.count(b'<instanceId>')
    if listed != TEN:
        raise ValueError(f'{MOTO} lists {listed} instances')


def lists(urls):
    requests = {CLOUD: LIST, MOTO: DESCRIBE}
    turns = {
        (name, number): partial(rate, urls[name], request, number, at_most(1.0, quick=0.3))
        for name, request in requests.items()
        for number in (1, 8)
    }
    found = interleaved(turns, rounds=at_most(5, quick=3), limit=30)
    return [
        rates(f'moto: list of 10 instances, {number} at once', MOTO, found[CLOUD, number], found[MOTO, number])
        for number in (1, 8)
    ]


def memory(pids):
    if not Path('/proc/self/status').exists():
        return [Row('moto: memory', here='not measured: needs /proc')]
    ours, theirs = (resident(pids[name]) for name in (CLOUD, MOTO))
    return [Row('moto: memory', MOTO, here=f'{ours:.0f} : {theirs:.0f} MB')]


def resident(pid):
    """Megabytes that a process has in memory."""
    line = next(line for line in Path(f'/proc/{pid}/status').read_text().splitlines() if line.startswith('VmRSS'))
    return int(line.split()[1]) * 1024 / 1e6


def starts():
    requests = {CLOUD: LIST, MOTO: DESCRIBE}
    turns = {name: partial(time_to_answer, name, requests[name]) for name in COMMANDS}
    return comparisons('moto: first answer', interleaved(turns, rounds=5, limit=40))


def time_to_answer(name, request):
    start = time.perf_counter()
    with serving(*COMMANDS[name]) as url, contextlib.closing(OverHttp(url)) as client:
        ask(name, client, request)
        return time.perf_counter() - start
