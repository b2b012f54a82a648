"""Moments: now, and how they are written. Everywhere in the project a moment is a naive datetime in UTC.

Use: isotime(utcnow())  ->  '2014-10-16T09:30:00Z'
Real: oslo.utils 1.0 oslo/utils/timeutils.py utcnow, isotime, strtime, parse_isotime, normalize_time
"""

from datetime import datetime, timezone


def utcnow():
    return datetime.now(timezone.utc).replace(tzinfo=None)


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
