"""Load from a process of its own, which does not share an interpreter with what it measures.

wrk where it is installed (Debian: apt install wrk), else `python -m bench.load URL CONNECTIONS SECONDS`, which reads
the request's bytes from standard input and prints how many answers came, and how many of them had another status than
the first.
Use: rate('http://127.0.0.1:8080', SHOW.at(id), connections=8, seconds=1)  ->  requests a second
"""

import re
import selectors
import shutil
import subprocess
import sys
import tempfile
import time

from bench.answers import WrongAnswer
from bench.over_http import PATIENCE, ROOT, Connection, text_of


def rate(url, request, connections, seconds):
    """Requests a second that the server answers; WrongAnswer if one of them is refused."""
    return (with_wrk if shutil.which('wrk') else with_python)(url, request, connections, seconds)


def with_wrk(url, request, connections, seconds):
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as script:
        script.write(lua(request))
        script.flush()
        threads = f'-t{min(connections, 2)}'
        # wrk takes whole seconds only.
        command = ['wrk', threads, f'-c{connections}', f'-d{max(1, round(seconds))}s', '-s', script.name, url]
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE + seconds).stdout
    if trouble := re.search('.*(Non-2xx|Socket errors).*', said):
        raise WrongAnswer(f'{request.method} {request.target}: wrk says {trouble[0].strip()}')
    return float(re.search(r'Requests/sec:\s*([\d.]+)', said)[1])


def lua(request):
    """wrk's description of the request."""
    headers = ''.join(f'["{name}"]="{value}",' for name, value in request.headers() if name != 'Content-Length')
    body = request.body.decode().replace('"', r'\"')
    return f'wrk.method="{request.method}" wrk.path="{request.target}" wrk.body="{body}" wrk.headers={{{headers}}}'


def with_python(url, request, connections, seconds):
    command = [sys.executable, '-m', 'bench.load', url, str(connections), str(seconds), str(request.status)]
    options = {'cwd': ROOT, 'check': True, 'capture_output': True, 'timeout': PATIENCE + seconds}
    answers, wrong = subprocess.run(command, input=text_of(request), **options).stdout.split()
    if int(wrong):
        raise WrongAnswer(f'{request.method} {request.target}: {int(wrong)} answers are not {request.status}')
    return float(answers)


def main(url, number, seconds, status):
    """Keep that many connections busy for so many seconds; print the answers a second, and the wrong ones' number."""
    request, wrong, count = sys.stdin.buffer.read(), 0, 0
    host, port = re.fullmatch(r'http://([\d.]+):(\d+)', url).groups()
    selector = selectors.DefaultSelector()
    for _ in range(int(number)):
        connection = Connection(host, port)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(request)
    start = time.perf_counter()
    while (passed := time.perf_counter() - start) < float(seconds):
        for key, _ in selector.select(float(seconds) - passed):
            answer = key.data.receive()
            wrong += answer.status != int(status)
            count += 1
            key.data.send(request)
    print(count / passed, wrong)


if __name__ == '__main__':
    main(*sys.argv[1:])
