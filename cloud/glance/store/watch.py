"""Ends answers of other web servers that take too long. A read's own timeout does not: a byte in time starts it anew.

    all headers      within http_store_timeout seconds
    the body         within http_store_transfer_timeout seconds, and of each http_store_timeout seconds that were spent
                     waiting for it, each second must have brought http_store_min_rate bytes

Use: transfer = watch.add(cut), cut: ends a read that waits; around each read: with transfer.waiting(): ...; after it:
     transfer.received += ..., and transfer.verdict says why it was cut; in the end watch.discard(transfer)
Real: none; glance 2014.2 waits as long as the other server likes. curl has such a floor as --speed-limit, --speed-time
"""

import contextlib
import socket
import threading
import time

import urllib3

STEP = 1  # seconds between two looks, at most


class Transfer:
    """One body on its way. received: bytes; verdict: why it was cut off, None if it was not."""

    def __init__(self, cut):
        self.cut = cut
        self.started = time.monotonic()
        self.received, self.waited, self.waits_since = 0, 0.0, None
        self.mark = (0.0, 0)  # waited and received, when the stretch that is looked at began
        self.verdict = None

    @contextlib.contextmanager
    def waiting(self):
        """Only waiting for the other server counts: a client or a disk that is slow is not its fault."""
        since = self.waits_since = time.monotonic()
        try:
            yield
        finally:
            self.waits_since = None
            self.waited += time.monotonic() - since

    def waited_so_far(self):
        since = self.waits_since
        return self.waited + (time.monotonic() - since if since else 0)


class Watch:
    """Looks after all Transfers of a store, in one thread, while there are any.

    window: http_store_timeout; deadline: http_store_transfer_timeout, in seconds; min_rate: bytes per second.
    """

    def __init__(self, window, deadline, min_rate):
        self.window, self.deadline, self.min_rate = window, deadline, min_rate
        self.transfers, self.lock, self.thread = set(), threading.Lock(), None

    def add(self, cut):
        transfer = Transfer(cut)
        with self.lock:
            self.transfers.add(transfer)
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, daemon=True)
                self.thread.start()
        return transfer

    def discard(self, transfer):
        # Without the lock: this may be called by the garbage collector, in a thread that holds it.
        self.transfers.discard(transfer)

    def _run(self):
        while transfers := self._still_there():
            for transfer in transfers:
                self.look_at(transfer)
            del transfers
            time.sleep(min(STEP, self.window / 4, self.deadline / 4))

    def _still_there(self):
        with self.lock:
            transfers = self.transfers.copy()
            if not transfers:
                self.thread = None
            return transfers

    def look_at(self, transfer):
        """Cut it off if it is too late, or too slow."""
        if transfer.verdict is None and (verdict := self.judge(transfer)):
            transfer.verdict = verdict
            transfer.cut()

    def judge(self, transfer):
        if time.monotonic() - transfer.started > self.deadline:
            return f'it takes more than {self.deadline} s'
        waited, received = transfer.waited_so_far(), transfer.received
        seconds, came = waited - transfer.mark[0], received - transfer.mark[1]
        if seconds < self.window:
            return None
        transfer.mark = (waited, received)
        return f'{came} bytes in {seconds:.0f} s' if came < self.min_rate * seconds else None


class TimedHeaders:
    """A connection whose server has one timeout for all its headers. Without it, each line of them starts a new one."""

    def getresponse(self):
        late = threading.Event()
        timer = threading.Timer(self.timeout, cut_off, [self.sock, late])
        timer.daemon = True
        timer.start()
        try:
            response = super().getresponse()
        finally:
            timer.cancel()
        if late.is_set():  # headers that end too early look complete
            response.close()
            raise TimeoutError
        return response


def cut_off(sock, late):
    late.set()
    with contextlib.suppress(OSError):  # the other end may have closed it
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not SSLSocket's, which would read on without decrypting


class HTTPConnection(TimedHeaders, urllib3.connection.HTTPConnection):
    pass


class HTTPSConnection(TimedHeaders, urllib3.connection.HTTPSConnection):
    pass


class HTTPConnectionPool(urllib3.HTTPConnectionPool):
    ConnectionCls = HTTPConnection


class HTTPSConnectionPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = HTTPSConnection


POOLS = {'http': HTTPConnectionPool, 'https': HTTPSConnectionPool}  # for urllib3's PoolManager
