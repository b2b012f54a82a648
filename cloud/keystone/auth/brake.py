"""Guessing passwords is slowed: after so many wrong ones, a user's next try from that address has to wait.

A user is only ever slowed for the address that the wrong ones came from: nobody can lock others out from elsewhere.
Each such pair may be wrong `tries` times at once, and then once every SECONDS; the right password forgets it all.
What is remembered is bounded: the pair that was heard of longest ago goes first. To push one out takes as many
wrong passwords as there is room for, and each of them takes as long as scrypt does.

Use: brake = Brake(10); brake.check(pair) before a password is tried; brake.failed(pair); brake.succeeded(pair)
Real: none; keystone's [security_compliance] lockout_failure_attempts locks the account, for all
"""

import collections
import math
import threading
import time

from cloud.keystone import exception

SECONDS = 3
ROOM = 10000  # pairs


class Brake:
    """tries: how many wrong passwords are free; clock: a function to seconds."""

    def __init__(self, tries, clock=time.monotonic):
        self.tries, self.clock = tries, clock
        self.lock = threading.Lock()
        self.pairs = collections.OrderedDict()  # a pair: (wrong ones that still count, as of when)

    def check(self, pair):
        """TooManyRequests if this pair has to wait."""
        with self.lock:
            excess = self.count(pair) - self.tries + 1
        if excess > 0:
            raise exception.TooManyRequests(math.ceil(excess * SECONDS))

    def failed(self, pair):
        with self.lock:
            self.pairs[pair] = self.count(pair) + 1, self.clock()
            self.pairs.move_to_end(pair)
            while len(self.pairs) > ROOM:
                self.pairs.popitem(last=False)

    def succeeded(self, pair):
        with self.lock:
            self.pairs.pop(pair, None)

    def clear(self):
        """Forget all."""
        with self.lock:
            self.pairs.clear()

    def count(self, pair):
        wrong, since = self.pairs.get(pair, (0, 0))
        return max(wrong - (self.clock() - since) / SECONDS, 0)
