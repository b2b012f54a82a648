"""The ground floor in a process of its own: python -m bench.xray_worker INI PIPELINE

A line on standard input names a request of bench.xray, and how often; the answer is the processor time of each one.
"""

import sys

import server
from bench.answers import ids
from bench.in_process import InProcess, logged_nowhere
from bench.xray import REQUESTS


def main(ini, pipeline):
    with logged_nowhere():
        client = InProcess(server.load_app(ini, pipeline))
        one = ids(client)[0]
        for request in REQUESTS.values():
            client.timed(request.at(one), 20)
        for line in sys.stdin:
            name, _, count = line.strip().rpartition(' ')
            print(client.timed(REQUESTS[name].at(one), int(count))[0] / int(count), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
