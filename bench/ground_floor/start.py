"""From nothing to an answer."""

import contextlib
import time
from functools import partial

from bench.answers import ask
from bench.exchanges import LIST
from bench.ground_floor.contenders import CLOUD, RIVALS, cloud_command, command
from bench.measure import interleaved
from bench.over_http import OverHttp, serving
from bench.rivals import hello, hello_with_libraries
from bench.table import comparisons

BARE, LIBRARIES = 'waitress, hello', 'hello, same libraries'


def first_answer():
    """The cloud's process against a bare waitress application's, and against rivals'."""
    modules = {BARE: hello, LIBRARIES: hello_with_libraries, **RIVALS}
    served = {CLOUD: cloud_command(), **{name: command(module, '--bare') for name, module in modules.items()}}
    starts = {name: partial(time_to_answer, name, arguments) for name, arguments in served.items()}
    for start in starts.values():
        start()  # not counted: it fills the caches
    return comparisons('first answer', interleaved(starts, rounds=20, limit=25), {LIBRARIES: 1})


def time_to_answer(name, arguments):
    start = time.perf_counter()
    with serving(*arguments) as url, contextlib.closing(OverHttp(url)) as client:
        ask(name, client, LIST)
        return time.perf_counter() - start
