"""Moments: now, and how they are written. Everywhere in the project a moment is a naive datetime in UTC.

Tests of clients may stop the clock of a service, and move it: CLOCK.stop(), CLOCK.advance(3600), CLOCK.reset(). What
compares moments, or writes them down, goes by it; time-outs of connections and locks do not.
Use: isotime(utcnow())  ->  '2014-10-16T09:30:00Z'
Real: oslo.utils 1.0 oslo/utils/timeutils.py utcnow, utcnow_ts, isotime, strtime, parse_isotime, normalize_time; the
    clock is set there by set_time_override, advance_time_seconds, clear_time_override
"""

import contextlib
import threading
import time
from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1)
LATEST = datetime(9000, 1, 1)  # room for what is counted from then on


class Clock:
    """The clock of this process: the true one, until it is touched. skipped: the seconds that it was advanced by."""

    def __init__(self):
        self.moved = threading.Condition()
        self.base, self.offset, self.frozen, self.skipped = None, 0, None, 0

    @property
    def is_stopped(self):
        return self.frozen is not None

    def now(self):
        return self.base + timedelta(seconds=self.ticks()) if self.base else true_now()

    def ticks(self):
        """Seconds since some moment. A correction of the machine's time does not change them."""
        return time.monotonic() + self.offset if self.frozen is None else self.frozen

    def stop(self):
        with self._moving():
            self.frozen = self.ticks()

    def start(self):
        """Go on from where it stands."""
        with self._moving():
            self.offset, self.frozen = self.ticks() - time.monotonic(), None

    def advance(self, seconds):
        """ValueError if that is too far."""
        with self._moving():
            if seconds > (LATEST - self.now()).total_seconds():
                raise ValueError(f'the clock cannot be moved beyond {isotime(LATEST)}')
            self.skipped += seconds
            if self.frozen is None:
                self.offset += seconds
            else:
                self.frozen += seconds

    def reset(self):
        """The true time again."""
        with self._moving():
            self.base, self.offset, self.frozen, self.skipped = None, 0, None, 0

    @contextlib.contextmanager
    def _moving(self):
        with self.moved:
            if self.base is None:
                self.base = true_now() - timedelta(seconds=self.ticks())
            yield
            self.moved.notify_all()

    def sleep(self, seconds, is_over=lambda: False):
        """Until so much time has passed here, or is_over(). While the clock stands, none does, not even 0 seconds.

        Whoever makes something over calls wake().
        """
        with self.moved:
            begun = self.ticks()
            while not is_over() and self._is_before(begun + seconds, begun):
                self.moved.wait(None if self.is_stopped else begun + seconds - self.ticks())

    def _is_before(self, until, begun):
        now = self.ticks()
        return now < until or self.is_stopped and now == begun

    def wake(self):
        with self.moved:
            self.moved.notify_all()


def true_now():
    return datetime.now(timezone.utc).replace(tzinfo=None)


CLOCK = Clock()


def utcnow():
    return CLOCK.now() if CLOCK.base else true_now()


def utcnow_ts():
    """The same in seconds since 1970, with their fractions."""
    return (utcnow() - EPOCH).total_seconds()


def isotime(moment):
    """'2014-10-16T09:30:00Z', as the APIs write it."""
    return moment.isoformat(timespec='seconds') + 'Z'


def strtime(moment):
    """'2014-10-16T09:30:00.000000', as the registry writes it."""
    return moment.isoformat(timespec='microseconds')


def parse_isotime(text):
    """The moment that ISO 8601 text stands for, with a time zone or in UTC without one; ValueError."""
    return normalize_time(datetime.fromisoformat(text.replace('Z', '+00:00')))  # Python 3.10 does not read the Z


def normalize_time(moment):
    """The datetime without its time zone, in UTC; ValueError if it is then before year 1 or after 9999."""
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(str(error)) from None
