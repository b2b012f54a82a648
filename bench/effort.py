"""How much is measured: all of it, or, for a look in two minutes, less of everything (make bench QUICK=1)."""

import os

QUICK = os.environ.get('QUICK', '') not in ('', '0')


def seconds(limit):
    """So many seconds for a comparison, or a tenth of them."""
    return limit / 10 if QUICK else limit


def at_most(number, quick):
    """The number, or a smaller one for a quick look."""
    return quick if QUICK else number
