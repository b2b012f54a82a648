"""Print what the cloud holds in memory with N instances, in bytes: python -m bench.ground_floor.resident N

A process of its own, that creates them through the application; resident memory as Linux's /proc tells it.
"""

import os
import sys
from pathlib import Path

from bench.answers import ask, ids
from bench.exchanges import CREATE_FORM
from bench.in_process import InProcess
from server import load_app


def main(count):
    client = InProcess(load_app('configure.ini'))
    for _ in range(count - len(ids(client))):
        ask('the cloud', client, CREATE_FORM)
    pages = int(Path('/proc/self/statm').read_text().split()[1])
    print(pages * os.sysconf('SC_PAGE_SIZE'))


if __name__ == '__main__':
    main(int(sys.argv[1]))
