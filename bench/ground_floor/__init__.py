"""
## The ground floor

"The cloud" is what `python server.py` serves: the pipeline of configure.ini with request ids and access log around it.
Each line of that log is formatted, then written to the null device. "Pipeline alone" is the same without those two.
The rivals (bench/rivals) have neither, unless a row says "same log": then they have ids by uuid4() and Paste's
TransLogger as it comes, which logs the same line; or "our log": the cloud's own filters, which take less time. They do
have the same paths, token check, rules for names and pages, and shapes of answers, which is checked before anything is
timed.

- **in-process**: the WSGI application called directly, in processor time; building the environ is not counted.
- **HTTP, N connections**: requests a second over loopback, on N keep-alive connections, each application in a process
  of its own on the cloud's server, with the options of configure.ini. Each connection asks as soon as it has its
  answer, from a process of its own, too: wrk where it is installed, else bench/load.py.
- **first answer**: wall time from starting the process until a 200 has been read, against waitress with a rival, or
  with nothing but a function that says hello, alone or with the libraries imported that the cloud stands on (WebOb,
  Routes, Paste, Paste Deploy, simplejson, sortedcontainers): most of the time is theirs. Bytecode is cached, as at any
  start but the very first.
- **memory**: resident memory of a process that has created so many instances through the application.
- **size**: in-process, with so many instances: the same request against the same with fewer. "Page" is ten instances
  behind a marker in the middle. The plot shows all sizes.
- **moto**: `moto_server`, which plays AWS for tests, has ten instances, too, and lists them by DescribeInstances, in
  XML and with far more about each of them: what a known one of its kind costs, not a contest.
"""

from bench.ground_floor.in_process import in_process
from bench.ground_floor.load import load
from bench.ground_floor.memory import memory
from bench.ground_floor.moto import moto
from bench.ground_floor.sizes import sizes
from bench.ground_floor.start import first_answer

PARTS = {
    'ground floor, in-process': in_process,
    'ground floor, HTTP': load,
    'ground floor, first answer': first_answer,
    'ground floor, memory': memory,
    'ground floor, size': sizes,
    'ground floor, moto': moto,
}
SLOW = ()
