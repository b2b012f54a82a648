"""The last 200 requests of all services of a machine: a file each, in one folder, which survive a restart.

Whatever is recorded stays in memory until the writer, a thread, comes to it: under load it writes a small part of the
time, the newest first, and what 200 newer ones have overtaken is never written. A reader of the same process sees all.
A file has two lines: the summary, then the whole. It appears by a rename: complete, or not at all.

Use: store = Store(folder); store.put(exchange); store.summaries(); store.get(id)
Real: none; osprofiler keeps its traces in a database
"""

import atexit
import collections
import contextlib
import json
import os
import re
import threading
import time

KEPT = 200  # requests
MAX_FILE = 8 << 20  # bytes of one of them; all together at most MAX_BYTES
MAX_BYTES = 128 << 20
REST = 20  # the writer rests so many times as long as it worked, while more waits
NAME = re.compile(r'(\d{20})-([\w.-]{1,100})\.json')
ID = re.compile(r'[\w-]{1,80}')


class Store:
    """folder: made when there is something to keep."""

    def __init__(self, folder):
        self.folder = folder
        self.waiting = collections.OrderedDict()  # id -> Exchange, to be written; the newest last
        self.own_house = None
        self.running = {}  # id -> Exchange, that is not answered yet
        self.lock, self.files = threading.Lock(), threading.RLock()
        self.news, self.writer = threading.Event(), None
        self.read = {}  # name of a file -> (its mtime, summary)
        atexit.register(self.flush)

    def begin(self, exchange):
        self.running[exchange.id] = exchange

    def put(self, exchange):
        """The exchange is finished, or a job of its has gone on."""
        with self.lock:
            self.running.pop(exchange.id, None)
            self.waiting[exchange.id] = exchange
            self.waiting.move_to_end(exchange.id)
            while len(self.waiting) > KEPT:
                self.waiting.popitem(last=False)
            if self.writer is None or not self.writer.is_alive():
                self.writer = threading.Thread(target=self.write_for_ever, name='xray-writer', daemon=True)
                self.writer.start()
        self.news.set()

    def write_for_ever(self):
        while True:
            self.news.wait()
            self.news.clear()
            while self.waiting:
                began = time.perf_counter()
                self.write_one()
                if self.waiting:
                    self.news.wait(0)
                    time.sleep(min(1, REST * (time.perf_counter() - began)))

    def write_one(self, last=True):
        with self.files:  # until it is written, whoever flushes waits for it
            with self.lock:
                if not self.waiting:
                    return
                _, exchange = self.waiting.popitem(last=last)
            with contextlib.suppress(OSError):  # the disk is full: the requests go on
                self.write(exchange.document(), exchange.number)

    def flush(self):
        """Write all that waits: for whoever reads, and at the end."""
        with self.files:
            while self.waiting:
                self.write_one()

    def write(self, document, number):
        lines = [json.dumps(summary_of(document)), json.dumps(document)]
        if sum(map(len, lines)) > MAX_FILE:
            document = {**document, 'steps': [], 'steps_left_out': document['steps_total']}
            lines = [json.dumps(summary_of(document)), json.dumps(document)]
        with self.files:
            self.write_file(f'{number:020d}-{document["id"]}.json', '\n'.join(lines) + '\n')
            self.prune()

    def write_file(self, name, text):
        os.makedirs(self.folder, exist_ok=True)
        scratch = os.path.join(self.folder, f'.{os.getpid()}-{threading.get_ident()}.part')
        try:
            with open(scratch, 'w', encoding='utf-8') as file:
                file.write(text)
            os.replace(scratch, os.path.join(self.folder, name))
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(scratch)
            raise

    def take_in(self, document):
        """Keep a request that came in a file, as the newest one."""
        for name in self.names():
            if name.endswith(f'-{document["id"]}.json'):
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(self.folder, name))
        self.write(document, time.time_ns())

    def prune(self):
        """Delete the oldest, until there are neither too many nor too large ones."""
        left = MAX_BYTES
        for place, name in enumerate(self.names()):
            path = os.path.join(self.folder, name)
            with contextlib.suppress(OSError):
                left -= os.path.getsize(path)
                if place >= KEPT or left < 0:
                    os.unlink(path)

    def names(self):
        """The files' names, the newest first."""
        try:
            return sorted((name for name in os.listdir(self.folder) if NAME.fullmatch(name)), reverse=True)
        except OSError:
            return []

    def summaries(self):
        """All of them, the newest first; those that are still running with the status None."""
        self.flush()
        found = [exchange.summary() for exchange in list(self.running.values())]
        found.sort(key=lambda summary: summary['started'], reverse=True)
        read = {}
        for name in self.names():
            with contextlib.suppress(OSError, ValueError):
                read[name] = self.summary_in(name)
                found.append(read[name][1])
        self.read = read
        return found[:KEPT]

    def summary_in(self, name):
        path = os.path.join(self.folder, name)
        changed = os.stat(path).st_mtime_ns
        if name in self.read and self.read[name][0] == changed:
            return self.read[name]
        with open(path, encoding='utf-8') as file:
            return changed, json.loads(file.readline())

    def get(self, request_id):
        """The whole of one request, or None."""
        exchange = self.running.get(request_id)
        if exchange:
            return exchange.document()
        self.flush()
        if not ID.fullmatch(request_id):
            return None
        for name in self.names():
            if name.endswith(f'-{request_id}.json'):
                with contextlib.suppress(OSError, ValueError), open(os.path.join(self.folder, name)) as file:
                    file.readline()
                    return json.loads(file.readline())
        return None

    def keep_house(self, house):
        """The plan of a service's house; what cannot be kept is not there for the pages of others."""
        name = re.sub(r'[^\w.-]', '-', house['name'])[:80]
        self.own_house = house
        with contextlib.suppress(OSError):
            self.write_file(f'house-{name}.json', json.dumps(house))

    def houses(self):
        """The plans of all services that have recorded here, this one's own first."""
        found = {self.own_house['name']: self.own_house} if self.own_house else {}
        with contextlib.suppress(OSError):
            for name in sorted(os.listdir(self.folder)):
                if name.startswith('house-') and name.endswith('.json'):
                    with contextlib.suppress(OSError, ValueError), open(os.path.join(self.folder, name)) as file:
                        house = json.load(file)
                        found.setdefault(house['name'], house)
        return list(found.values())


def summary_of(document):
    return {name: value for name, value in document.items() if name not in ('request', 'response', 'steps')}
